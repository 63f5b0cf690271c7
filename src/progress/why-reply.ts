import type { CommandReply, ReplyBlock } from "../reply.ts";
import { revisionOf } from "../coordination/selectors.ts";
import type { ClosedBy, DecidedBy } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import { cacheLines } from "./cache-line.ts";
import { checkLines } from "./check-lines.ts";
import { formatFailedAgent } from "./failure-words.ts";
import { agreementOn, formatAgreement } from "./agreement.ts";
import { formatDuration, formatMoney } from "./format.ts";
import { limitNotes } from "./limits-hit.ts";
import { everyAnswer, everyVote } from "./why-everything.ts";
import { whereTheyDiffer } from "./where-they-differ.ts";
import { trackRecordLines } from "./track-record-lines.ts";
import { answersTable, costTable, remarks, standingAnswers, votesTable } from "./why-tables.ts";

const CLOSED: Readonly<Record<ClosedBy, string>> = {
  settled: "every agent had finished",
  bound: "no missing vote could change the result",
  grace: "all but one agent had voted, and the last one took too long",
  limit: "a limit was reached",
  person: "somebody asked for the answer now",
  stopped: "it was stopped",
};

const DECIDED: Readonly<Record<DecidedBy, string | null>> = {
  tally: "It had the highest score.",
  // Why begins with what they agree on.
  agreement: null,
  people: "The scores were equal, and more people preferred it.",
  longest_standing: "The scores were equal, so the older answer was posted.",
  only_answer: "It was the only answer.",
  partial_scores: "It had the highest score so far; too few agents had voted.",
  nothing_scored: "Nobody had voted, so the oldest answer was posted.",
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
      ...answersTable(state),
      ...votesTable(state),
      ...(isFull ? everyVote(state) : remarks(state)),
      ...checkLines(state, extent),
      ...(isFull ? everyAnswer(state) : standingAnswers(state)),
      costTable(state),
    ] satisfies readonly ReplyBlock[],
    visibleTo: "asker",
    ok: true,
  };
}

function outcomeLines(state: TurnState): readonly string[] {
  const { input, output, costUsd, estimated = 0 } = state.spent;
  return [
    ...differenceLines(state),
    postedLine(state),
    ...endLine(state),
    ...readingLines(state),
    ...routeLines(state),
    ...trackRecordLines(state),
    ...state.agents.flatMap((agent) =>
      agent.failed ? [`- ${formatFailedAgent(agent, agent.failed)}`] : [],
    ),
    ...limitNotes(state).map((note) => `- ${note}`),
    ...cutLines(state),
    ...abstainedLines(state),
    `- It took ${formatDuration(state.now)}, ${input + output} tokens, ${formatMoney(costUsd)}`,
    ...cacheLines(state),
    ...(state.wasted > 0
      ? [`- ${state.wasted} of the tokens went into work that was broken off`]
      : []),
    ...(estimated > 0
      ? [`- ${estimated} of the tokens are an estimate: the model did not report them`]
      : []),
  ];
}

/** A paragraph of its own, before the rest. */
function differenceLines(state: TurnState): readonly string[] {
  const name = (agent: AgentId) => nameOf(state, agent);
  const difference = whereTheyDiffer(state, { author: name, reviewer: name });
  return difference === "" ? [] : [difference, ""];
}

/** Answers that were read again. */
const readingLines = ({ reading }: TurnState): readonly string[] =>
  reading < 2
    ? []
    : [
        `- The best two results were close, so the answers were read ${reading === 2 ? "twice" : `${reading} times`}, in another order each time.`,
      ];

const ROUTES = { team: "the whole team", solo: "one agent" } as const;

const routeLines = ({ routing }: TurnState): readonly string[] =>
  routing ? [`- The router chose ${ROUTES[routing.mode]}: ${routing.reason}`] : [];

/** Answers that a model's output limit cut. */
const cutLines = (state: TurnState): readonly string[] => [
  ...state.revisions
    .filter(({ cut }) => cut)
    .map(({ agent, number }) => {
      const name = nameOf(state, agent);
      return `- The output limit cut off ${name}'s answer${number > 1 ? ` (version ${number})` : ""}`;
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

/** "**Ben's answer was posted, preferred by 3 of 4.** It had the highest score." */
function postedLine(state: TurnState): string {
  const { closing } = state;
  if (!closing) return `${state.title} is still working.`;
  const posted = revisionOf(state, closing.revision);
  if (!posted) return `${state.title} has no answer to post.`;
  const agreement = formatAgreement(agreementOn(state));
  const said = `${nameOf(state, posted.agent)}'s answer was posted`;
  const isSentence = /^[A-Z]/.test(agreement);
  const rest = agreement === "" ? "" : `${isSentence ? ". " : ", "}${agreement}`;
  const head = `**${said}${rest}.**`;
  const why = closing.decidedBy && DECIDED[closing.decidedBy];
  return why ? `${head} ${why}` : head;
}

function endLine({ closing, finishedBy }: TurnState): readonly string[] {
  if (!closing) return [];
  const why =
    closing.closedBy === "person" && finishedBy !== null
      ? `${finishedBy} asked for the answer now`
      : CLOSED[closing.closedBy];
  return [`- The team stopped because ${why}.`];
}
