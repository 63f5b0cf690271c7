import type { DecidedBy } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import { adviceFor, formatFailedAgent, formatStop } from "./failure-words.ts";
import { formatCount } from "./format.ts";
import { limitNotes } from "./limits-hit.ts";

/** Facts for the footer notes that are not in the turn's events. */
export interface NotesExtra {
  /** Sentences on content that no model saw. */
  readonly omitted?: readonly string[];
  /** Names of the agents whose backend is simulated. */
  readonly simulated?: readonly string[];
}

/** Sentences on everything a reader must know about an answer's origin, most important first. */
export function footerNotes(state: TurnState, extra: NotesExtra): readonly string[] {
  return [
    ...simulatedNote(state, extra.simulated ?? []),
    ...cutNote(state),
    // `why` cannot tell what was omitted, so that comes before what it can.
    ...[(extra.omitted ?? []).join(" ")].filter((note) => note !== ""),
    ...unseenNote(state),
    ...askedNote(state),
    ...limitNotes(state),
    ...decidedNote(state),
    ...droppedNotes(state),
  ];
}

function simulatedNote(state: TurnState, simulated: readonly string[]): readonly string[] {
  if (simulated.length === 0) return [];
  if (simulated.length >= state.agents.length) return ["Simulated: no model was asked."];
  return [`Simulated: ${simulated.join(", ")}.`];
}

/** The posted answer is not whole. */
function cutNote({ presented, presentedCut, revisions, closing }: TurnState): readonly string[] {
  const elected = revisions.find(({ id }) => id === closing?.revision);
  // A rewrite stands for itself.
  const isRewritten = presented !== null && presented !== elected?.text;
  const isCut = isRewritten ? presentedCut : (elected?.cut ?? false);
  return isCut ? ["The model's output limit cut this answer off."] : [];
}

/** The turn ended early, because a person said so. */
function askedNote({ stopped, finishedBy }: TurnState): readonly string[] {
  if (stopped) return [`${capitalized(formatStop(stopped.by))}.`];
  return finishedBy === null ? [] : [`The best answer so far: ${finishedBy} asked for it.`];
}

const capitalized = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const decidedWords: Readonly<Partial<Record<DecidedBy, string>>> = {
  people: "A tie, decided by people's votes.",
  longest_standing: "A tie: the oldest answer is shown.",
  partial_scores: "Not elected: too few reviewers scored it; the highest score so far is shown.",
  nothing_scored: "Not elected: nobody scored an answer; the oldest one is shown.",
};

function decidedNote(state: TurnState): readonly string[] {
  const decidedBy = state.closing?.decidedBy;
  if (!decidedBy) return [];
  // With a single agent, this goes without saying; others may have given the same answer.
  const isLone = state.agents.filter(({ hasAnswered }) => hasAnswered).length === 1;
  if (decidedBy === "only_answer" && isLone && state.mode !== "solo" && state.agents.length > 1)
    return ["The only answer: no other agent gave one."];
  const words = decidedWords[decidedBy];
  return words ? [words] : [];
}

const droppedNotes = (state: TurnState): readonly string[] => [
  ...state.agents.flatMap((agent) =>
    agent.failed ? [formatFailedAgent(agent, agent.failed)] : [],
  ),
  ...adviceFor(state),
];

function unseenNote({ closing }: TurnState): readonly string[] {
  const count = closing?.unseen.length ?? 0;
  if (count === 0) return [];
  return [
    `${formatCount(count, "message")} came too late for this answer and will be answered next.`,
  ];
}
