import type { CommandReply, ReplyBlock } from "../reply.ts";
import { tally } from "../coordination/tally.ts";
import type { ClosedBy, DecidedBy } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { cacheLines } from "./cache-line.ts";
import { formatFailedAgent } from "./failure-words.ts";
import { formatCount, formatDuration, formatMoney } from "./format.ts";
import { limitNotes } from "./limits-hit.ts";
import { everyAnswer, everyVote } from "./why-everything.ts";
import { answersTable, remarks, standingAnswers, votesTable } from "./why-tables.ts";

const closedWords: Readonly<Record<ClosedBy, string>> = {
  settled: "all agents finished",
  bound: "no missing score could change the result",
  grace: "all but one reviewer had voted, and Parley stopped waiting for the last one",
  limit: "a limit was reached",
  person: "somebody asked for the best answer so far",
  stopped: "it was stopped",
};

const decidedWords: Readonly<Record<DecidedBy, string>> = {
  tally: "the reviewers' scores",
  agreement: "all answers agree",
  people: "people's votes, because the reviewers were tied",
  longest_standing: "a tie; the oldest answer wins",
  only_answer: "it was the only answer",
  partial_scores: "the highest score so far, because too few reviewers had scored",
  nothing_scored: "the oldest answer, because nobody scored any",
};

/**
 * Explains the turn's result, or its progress while it runs, as plain data for every platform. `full` adds the presented answer, superseded
 * revisions, and every vote. Pure.
 */
export function whyReply(state: TurnState, extent: "brief" | "full" = "brief"): CommandReply {
  const isFull = extent === "full";
  return {
    title: state.closing ? "Why this answer" : "The turn so far",
    blocks: [
      { type: "text", markdown: outcomeLines(state).join("\n") },
      answersTable(state),
      ...votesTable(state),
      ...(isFull ? everyVote(state) : remarks(state)),
      ...(isFull ? everyAnswer(state) : standingAnswers(state)),
    ] satisfies readonly ReplyBlock[],
    visibleTo: "asker",
    ok: true,
  };
}

function outcomeLines(state: TurnState): readonly string[] {
  const { input, output, costUsd, estimated = 0 } = state.spent;
  return [
    presenterLine(state),
    ...ruleLines(state),
    ...(state.routing ? [`- Routed to ${state.routing.mode}: ${state.routing.reason}`] : []),
    ...state.agents.flatMap((agent) =>
      agent.failed ? [`- ${formatFailedAgent(agent, agent.failed)}`] : [],
    ),
    ...limitNotes(state).map((note) => `- ${note}`),
    ...cutLines(state),
    ...abstainedLines(state),
    `- ${formatDuration(state.now)}, ${input + output} tokens, ${formatMoney(costUsd)}`,
    ...cacheLines(state),
    ...(state.wasted > 0 ? [`- ${state.wasted} of the tokens went into aborted moves`] : []),
    ...(estimated > 0
      ? [`- ${estimated} of the tokens are an estimate: the model did not report them`]
      : []),
  ];
}

/** Answers that a model's output limit cut. */
const cutLines = (state: TurnState): readonly string[] => [
  ...state.revisions
    .filter(({ cut }) => cut)
    .map(({ agent, number }) => {
      const name = nameOf(state, agent);
      return `- The output limit cut off ${name}'s answer (revision ${number})`;
    }),
  ...(state.presentedCut ? ["- The output limit cut off the final version of the answer"] : []),
];

/** Reviewers that count as without a vote. */
const abstainedLines = ({ agents }: TurnState): readonly string[] =>
  agents.flatMap(({ name, abstained }) =>
    abstained === null ? [] : [`- ${name} gave no vote: ${abstained}`],
  );

const nameOf = ({ agents }: TurnState, agent: AgentId): string =>
  agents.find(({ id }) => id === agent)?.name ?? agent;

function presenterLine(state: TurnState): string {
  if (!state.closing) return `Team ${state.team} is still working.`;
  const presented = state.revisions.find(({ id }) => id === state.closing?.revision);
  const author = state.agents.find(({ id }) => id === presented?.agent);
  if (!presented || !author) return `Team ${state.team} has no answer to post.`;
  const others = tally(state).length - 1;
  const over = others > 0 ? ` over ${formatCount(others, "other answer")}` : "";
  return `Team ${state.team} chose ${author.name}'s answer (revision ${presented.number})${over}.`;
}

function ruleLines({ closing }: TurnState): readonly string[] {
  if (!closing) return [];
  return [
    ...(closing.decidedBy ? [`- Decided by: ${decidedWords[closing.decidedBy]}`] : []),
    `- Ended: ${closedWords[closing.closedBy]}`,
  ];
}
