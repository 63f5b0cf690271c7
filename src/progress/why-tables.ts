import type { ReplyBlock } from "../reply.ts";
import { revisionOf } from "../coordination/selectors.ts";
import { tally } from "../coordination/tally.ts";
import type { RevisionId } from "../coordination/turn-event.ts";
import type { Usage } from "../coordination/usage.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { supportersOf } from "./agreement.ts";
import { formatScore, formatSpent, formatTokens } from "./format.ts";

/** One row per answer, best first, with who prefers it; no table of a lone answer. */
export function answersTable(state: TurnState): readonly ReplyBlock[] {
  const rows = tally(state);
  if (rows.length < 2) return [];
  return [
    {
      type: "table",
      columns: ["Answer by", "Preferred by", "Score"],
      rows: rows.map(({ agent, revision, score }) => [
        `${nameOf(state, agent)}${revision === state.closing?.revision ? " (posted)" : ""}`,
        supportersOf(state, revision).join(", ") || "–",
        formatScore(score, state.policy.tally),
      ]),
    },
  ];
}

/** One row per agent: what it read and wrote, and what that cost. */
export const costTable = (state: TurnState): ReplyBlock => ({
  type: "table",
  columns: ["Agent", "Tokens read", "from cache", "written", "Cost"],
  rows: [
    ...state.agents.map(({ name, usage, failed }) => [
      failed ? `${name} (out)` : name,
      ...usageCells(usage),
    ]),
    ...(state.routerUsage ? [["Router", ...usageCells(state.routerUsage)]] : []),
  ],
});

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
    ? [["People who prefer it", ...standing.map((row) => String(row.people))]]
    : [];
  if (rows.length + people.length === 0) return [];
  const columns = ["Vote of", ...standing.map(({ agent }) => `${nameOf(state, agent)}'s answer`)];
  return [{ type: "table", columns, rows: [...rows, ...people] }];
}

type Table = Extract<ReplyBlock, { type: "table" }>;

/** One row per answer, best first: who prefers it, its score, and what each reviewer gave it. undefined: nobody has voted. */
export function votesByAnswer(state: TurnState): Table | undefined {
  const [answers] = answersTable(state);
  const [votes] = votesTable(state);
  if (answers?.type !== "table" || votes?.type !== "table") return undefined;
  return {
    type: "table",
    columns: [...answers.columns, ...votes.rows.map(([reviewer = ""]) => reviewer)],
    rows: answers.rows.map((row, index) => [
      ...row,
      ...votes.rows.map((cells) => cells[index + 1] ?? "–"),
    ]),
  };
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
          `- **${name} objects** to ${authorOf(state, ballot.objection.revision)}'s answer: ${ballot.objection.text}`,
        ]
      : [];
    return [...(ballot.reason === "" ? [] : [`- **${name}**: ${ballot.reason}`]), ...objection];
  });
  return lines.length > 0 ? [{ type: "text", markdown: lines.join("\n") }] : [];
}

const nameOf = ({ agents }: TurnState, agent: AgentId | undefined): string =>
  agents.find(({ id }) => id === agent)?.name ?? "an agent";

const authorOf = (state: TurnState, revision: RevisionId): string =>
  nameOf(state, revisionOf(state, revision)?.agent);

/** The texts of the current answers, except the presented one, which is in the thread. */
export function standingAnswers(state: TurnState): readonly ReplyBlock[] {
  return tally(state)
    .filter(({ revision }) => revision !== state.closing?.revision)
    .flatMap(({ agent, label, revision }) => {
      const found = revisionOf(state, revision);
      if (!found) return [];
      const name = nameOf(state, agent);
      const version = found.number > 1 ? ` (version ${found.number})` : "";
      const markdown = `**${name}'s answer**${version}\n\n${found.text}`;
      return [{ type: "text" as const, markdown, answer: { label, name } }];
    });
}
