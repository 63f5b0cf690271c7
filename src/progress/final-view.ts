import { splitVote } from "../coordination/split-vote.ts";
import { tally } from "../coordination/tally.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { AgentId, TurnId } from "../ids.ts";
import { certaintyView, type CertaintyView } from "./certainty-view.ts";
import { footerNotes } from "./footer-notes.ts";
import type { NotesExtra } from "./footer-notes.ts";
import { formatDuration, formatScore, formatSpent } from "./format.ts";

/** The footer of a final answer. Adapters show it in small print. */
export interface Footer {
  readonly presenter: string;
  readonly team: string;
  /** "Opus +2.3 · Gemini −0.5", best first; "" without votes. */
  readonly tally: string;
  readonly elapsedMs: number;
  /** Null if a price is unknown. */
  readonly costUsd: number | null;
  readonly tokens: number;
  /** How many of `tokens` are estimates for aborted calls; absent if none. */
  readonly estimated?: number | undefined;
  /** Sentences on what was cut, which limit was reached, why an unelected answer is shown, and simulated agents. */
  readonly notes: readonly string[];
}

/** The runner-up and the most common objection, shown if the vote is split. */
export interface SplitView {
  readonly name: string;
  readonly label: string;
  readonly text: string;
  readonly objection: string | null;
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
    split: splitView(state),
    ...(certainty && { certainty }),
    footer: {
      presenter: nameOf(state, revision.agent),
      team: state.team,
      tally: formatTally(state),
      elapsedMs: state.now,
      costUsd: state.spent.costUsd,
      tokens: state.spent.input + state.spent.output,
      ...(state.spent.estimated ? { estimated: state.spent.estimated } : {}),
      notes: footerNotes(state, extra),
    },
  };
}

/** The footer's first line: "Opus for council · Opus +2.3 · Gemini −0.5 · 42s · 12k tokens · $0.031". */
export function formatFooter(footer: Footer): string {
  const { tokens, money } = formatSpent(footer);
  const parts = [
    `${footer.presenter} for ${footer.team}`,
    footer.tally,
    formatDuration(footer.elapsedMs),
    tokens,
    money,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

function formatTally(state: TurnState): string {
  const rows = tally(state);
  if (rows.every(({ score }) => score === null)) return "";
  return rows
    .map(({ agent, score }) => `${nameOf(state, agent)} ${formatScore(score, state.policy.tally)}`)
    .join(" · ");
}

function splitView(state: TurnState): SplitView | null {
  const split = splitVote(state);
  const runnerUp = state.revisions.find(({ id }) => id === split?.runnerUp);
  if (!split || !runnerUp) return null;
  const author = state.agents.find(({ id }) => id === runnerUp.agent);
  return {
    name: author?.name ?? runnerUp.agent,
    label: author?.label ?? "?",
    text: runnerUp.text,
    objection: split.objection && formatObjection(state, split.objection),
  };
}

function formatObjection(state: TurnState, objection: { label: string; text: string }): string {
  const author = state.agents.find(({ label }) => label === objection.label);
  return `on ${author?.name ?? objection.label}'s answer: ${objection.text}`;
}

const nameOf = (state: TurnState, agent: AgentId): string =>
  state.agents.find(({ id }) => id === agent)?.name ?? agent;
