import type { ReplyBlock } from "../reply.ts";
import { tally } from "../coordination/tally.ts";
import type { RevisionId } from "../coordination/turn-event.ts";
import type { Usage } from "../coordination/usage.ts";
import type { AgentState, TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { formatScore, formatSpent, formatTokens } from "./format.ts";

/** One row per agent: revisions, tally, usage. */
export function answersTable(state: TurnState): ReplyBlock {
  const score = new Map(tally(state).map((row) => [row.agent, row.score]));
  return {
    type: "table",
    columns: ["", "Agent", "Revisions", "Tally", "Tokens in", "cached", "out", "Cost", ""],
    rows: [
      ...state.agents.map((agent) => agentRow(state, agent, score)),
      ...(state.routerUsage ? [["", "Router", "", "", ...usageCells(state.routerUsage), ""]] : []),
    ],
  };
}

const agentRow = (
  state: TurnState,
  agent: AgentState,
  score: ReadonlyMap<AgentId, number | null>,
): readonly string[] => [
  agent.hasAnswered ? agent.label : "",
  agent.name,
  String(state.revisions.filter((revision) => revision.agent === agent.id).length),
  formatScore(score.get(agent.id) ?? null, state.policy.tally),
  ...usageCells(agent.usage),
  remarkOn(state, agent),
];

const usageCells = ({
  input,
  cached,
  output,
  costUsd,
  estimated = 0,
}: Usage): readonly string[] => {
  const { money } = formatSpent({ tokens: input + output, costUsd, estimated });
  return [formatTokens(input), formatTokens(cached), formatTokens(output), money];
};

function remarkOn(state: TurnState, agent: AgentState): string {
  if (agent.failed) return "failed";
  const presented = state.revisions.find(({ id }) => id === state.closing?.revision);
  return presented?.agent === agent.id ? "presented" : "";
}

/** One row per reviewer, with its score for each current answer; no table without votes. */
export function votesTable(state: TurnState): readonly ReplyBlock[] {
  const standing = tally(state);
  const rows = state.agents.flatMap(({ id, name }) => {
    const scores = standing.map(({ revision }) => scoreBy(state, id, revision));
    return scores.every((score) => score === undefined)
      ? []
      : [[name, ...scores.map((score) => (score === undefined ? "–" : String(score)))]];
  });
  const people = standing.some((row) => row.people > 0)
    ? [["people prefer", ...standing.map((row) => String(row.people))]]
    : [];
  if (rows.length + people.length === 0) return [];
  const columns = ["Vote of", ...standing.map(({ label, revision }) => `${label} (${revision})`)];
  return [{ type: "table", columns, rows: [...rows, ...people] }];
}

const scoreBy = (state: TurnState, reviewer: AgentId, revision: RevisionId) =>
  state.ballots.findLast(
    (ballot) =>
      !ballot.void && ballot.reviewer === reviewer && ballot.scores[revision] !== undefined,
  )?.scores[revision];

/** The reasons and objections of the latest votes. */
export function remarks(state: TurnState): readonly ReplyBlock[] {
  const lines = state.agents.flatMap(({ id, name }) => {
    const ballot = state.ballots.findLast(
      ({ reviewer, void: isVoid }) => reviewer === id && !isVoid,
    );
    if (!ballot) return [];
    const objection = ballot.objection
      ? [
          `- **${name} objects** to ${labelOf(state, ballot.objection.revision)}: ${ballot.objection.text}`,
        ]
      : [];
    return [...(ballot.reason === "" ? [] : [`- **${name}**: ${ballot.reason}`]), ...objection];
  });
  return lines.length > 0 ? [{ type: "text", markdown: lines.join("\n") }] : [];
}

const labelOf = (state: TurnState, revision: RevisionId): string => {
  const agent = state.revisions.find(({ id }) => id === revision)?.agent;
  return state.agents.find(({ id }) => id === agent)?.label ?? "?";
};

/** The texts of the current answers, except the presented one, which is in the thread. */
export function standingAnswers(state: TurnState): readonly ReplyBlock[] {
  return tally(state)
    .filter(({ revision }) => revision !== state.closing?.revision)
    .flatMap(({ label, revision }) => {
      const found = state.revisions.find(({ id }) => id === revision);
      const author = state.agents.find(({ id }) => id === found?.agent);
      if (!found || !author) return [];
      const heading = `**Answer ${label} · ${author.name}** (revision ${found.number})`;
      const markdown = `${heading}\n\n${found.text}`;
      return [{ type: "text" as const, markdown, answer: { label, name: author.name } }];
    });
}
