import { splitVote } from "../coordination/split-vote.ts";
import { revisionOf } from "../coordination/selectors.ts";
import type { Revision, TurnState } from "../coordination/turn-state.ts";
import type { AgentId, TurnId } from "../ids.ts";
import { certaintyView, type CertaintyView } from "./certainty-view.ts";
import { footerNotes } from "./footer-notes.ts";
import type { NotesExtra } from "./footer-notes.ts";
import { cleanLine } from "../text/clean-text.ts";
import { agreementOn, formatAgreement, latestBallot } from "./agreement.ts";
import { differenceFrom } from "./difference.ts";
import { formatDuration, formatSpent } from "./format.ts";

/** The footer of a final answer. Adapters show it in small print. */
export interface Footer {
  readonly presenter: string;
  /** "preferred by 3 of 4", "All four agents agree"; "" if no other agent said anything. */
  readonly agreement: string;
  readonly elapsedMs: number;
  /** Null if a price is unknown. */
  readonly costUsd: number | null;
  readonly tokens: number;
  /** How many of `tokens` are estimates for aborted calls; absent if none. */
  readonly estimated?: number | undefined;
  /** Sentences on what was cut, which limit was reached, why an unelected answer is shown, and simulated agents. */
  readonly notes: readonly string[];
}

/** The runner-up, shown if the vote is split. */
export interface SplitView {
  readonly name: string;
  /** The whole answer, in Markdown. */
  readonly text: string;
  /** What it says that the posted answer does not: one or two sentences of plain text. */
  readonly difference: string;
}

/** What a reviewer objects to in the posted answer. */
export interface ObjectionView {
  readonly by: string;
  /** Plain text on one line. */
  readonly text: string;
}

/** A final answer before delivery splits it. */
export interface FinalView {
  readonly turn: TurnId;
  readonly presenter: AgentId;
  /** Markdown. */
  readonly text: string;
  readonly split: SplitView | null;
  /** Absent: equal answers did not count together. */
  readonly certainty?: CertaintyView;
  readonly objection: ObjectionView | null;
  readonly footer: Footer;
}

/** Facts for the final answer that are not in the turn's events. */
export type FinalExtra = NotesExtra;

/** The answer to post; null if there is none (see `formatNoAnswer`). Pure. */
export function finalView(state: TurnState, extra: FinalExtra = {}): FinalView | null {
  const revision = state.revisions.find(({ id }) => id === state.closing?.revision);
  if (!revision) return null;
  const certainty = certaintyView(state);
  return {
    turn: state.turn,
    presenter: revision.agent,
    text: state.presented ?? revision.text,
    split: splitView(state, revision),
    objection: objectionTo(state, revision),
    ...(certainty && { certainty }),
    footer: {
      presenter: nameOf(state, revision.agent),
      agreement: formatAgreement(agreementOn(state)),
      elapsedMs: state.now,
      costUsd: state.spent.costUsd,
      tokens: state.spent.input + state.spent.output,
      ...(state.spent.estimated ? { estimated: state.spent.estimated } : {}),
      notes: footerNotes(state, extra),
    },
  };
}

/** The footer's first line: "Ben's answer · preferred by 3 of 4 · 12s · $0.031", "All four agents agree · 12s · $0.031". */
export function formatFooter(footer: Footer): string {
  const { presenter, agreement, costUsd } = footer;
  const { tokens, money } = formatSpent(footer);
  const isUnanimous = /^[A-Z]/.test(agreement);
  const parts = [
    isUnanimous ? "" : `${presenter}'s answer`,
    agreement,
    formatDuration(footer.elapsedMs),
    costUsd === null ? tokens : "",
    costUsd === 0 ? "" : money,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** How many notes stand under an answer; `why` has the rest. */
const MOST_NOTES = 2;

/** The notes that stand under an answer. */
export const shownNotes = ({ notes }: Pick<Footer, "notes">): readonly string[] =>
  notes.slice(0, MOST_NOTES);

/** "Objection by Cid: a queue needs a retry limit". */
export const formatObjection = ({ by, text }: ObjectionView): string =>
  `Objection by ${by}: ${text}`;

/** "Split: Ada says “Use a cron job. No broker to run.”" */
export const formatSplit = ({ name, difference }: SplitView): string =>
  `Split: ${name} says “${difference}”`;

function splitView(state: TurnState, posted: Revision): SplitView | null {
  const runnerUp = revisionOf(state, splitVote(state)?.runnerUp ?? null);
  if (!runnerUp) return null;
  const difference = differenceFrom(state.presented ?? posted.text, runnerUp.text);
  if (difference === "") return null;
  return { name: nameOf(state, runnerUp.agent), text: runnerUp.text, difference };
}

/** The first one of those that the reviewers raise against the posted answer in their latest votes. */
function objectionTo(state: TurnState, { id }: Revision): ObjectionView | null {
  for (const { id: reviewer, name } of state.agents) {
    const objection = latestBallot(state, reviewer)?.objection;
    if (objection?.revision === id) return { by: name, text: cleanLine(objection.text) };
  }
  return null;
}

const nameOf = (state: TurnState, agent: AgentId): string =>
  state.agents.find(({ id }) => id === agent)?.name ?? agent;
