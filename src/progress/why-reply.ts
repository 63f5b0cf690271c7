import type { CommandReply, ReplyBlock } from "../reply.ts";
import { tally } from "../coordination/tally.ts";
import type { ClosedBy, DecidedBy } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import { formatDuration, formatMoney } from "./format.ts";
import { limitNotes } from "./limits-hit.ts";
import { everyAnswer, everyVote } from "./why-everything.ts";
import { answersTable, remarks, standingAnswers, votesTable } from "./why-tables.ts";

const closedWords: Readonly<Record<ClosedBy, string>> = {
  settled: "every move was done",
  bound: "no outstanding score could change the presenter",
  grace: "all but one reviewer had voted, and the last one was not waited for any longer",
  limit: "a limit was reached",
  stopped: "it was stopped",
};

const decidedWords: Readonly<Record<DecidedBy, string>> = {
  tally: "the tally of the reviewers",
  people: "the votes of people, the reviewers being tied",
  longest_standing: "a tie: the answer that stood longest",
  only_answer: "there was no other answer",
  partial_scores: "the highest score so far; too few reviewers had scored to elect one",
  nothing_scored: "no answer was scored: the one that stood longest",
};

/**
 * Why the turn came out as it did, or how it stands while it runs: plain data for every platform. `full`: also the presented answer, the
 * revisions that were superseded, and every vote ever cast. Pure.
 */
export function whyReply(state: TurnState, extent: "brief" | "full" = "brief"): CommandReply {
  const isFull = extent === "full";
  return {
    title: state.closing ? "Why this answer" : "How the turn stands",
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
    ...limitNotes(state).map((note) => `- ${note}`),
    `- ${formatDuration(state.now)}, ${input + output} tokens, ${formatMoney(costUsd)}`,
    ...(state.wasted > 0 ? [`- ${state.wasted} of the tokens went into aborted moves`] : []),
    ...(estimated > 0
      ? [`- ${estimated} of the tokens are an estimate: the model did not report them`]
      : []),
  ];
}

function presenterLine(state: TurnState): string {
  if (!state.closing) return `The team ${state.team} is still at work.`;
  const presented = state.revisions.find(({ id }) => id === state.closing?.revision);
  const author = state.agents.find(({ id }) => id === presented?.agent);
  if (!presented || !author) return `The team ${state.team} has no answer to present.`;
  const others = tally(state).length - 1;
  const against = others > 0 ? ` against ${others === 1 ? "one other" : `${others} others`}` : "";
  return `${author.name} presented revision ${presented.number} for ${state.team}${against}.`;
}

function ruleLines({ closing }: TurnState): readonly string[] {
  if (!closing) return [];
  return [
    ...(closing.decidedBy ? [`- Decided by: ${decidedWords[closing.decidedBy]}`] : []),
    `- Closed because ${closedWords[closing.closedBy]}`,
  ];
}
