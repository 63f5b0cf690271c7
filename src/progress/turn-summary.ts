import { tally } from "../coordination/tally.ts";
import { isReplaced } from "../coordination/selectors.ts";
import type { Usage } from "../coordination/usage.ts";
import type { AgentState, CastBallot, TurnState } from "../coordination/turn-state.ts";
import type { ConversationId } from "../ids.ts";
import { certaintyView } from "./certainty-view.ts";
import { footerNotes } from "./footer-notes.ts";
import type { NotesExtra } from "./footer-notes.ts";
import { limitsHit } from "./limits-hit.ts";

/** A turn for scripts: the last line of `--json`. Missing values are null or empty; keys are always present. */
export type TurnSummary = ReturnType<typeof turnSummary>;

export interface SummaryExtra extends NotesExtra {
  readonly conversation: ConversationId;
}

/** Summarizes a finished turn for scripts. Pure. */
export function turnSummary(state: TurnState, extra: SummaryExtra) {
  const presented = state.revisions.find(({ id }) => id === state.closing?.revision);
  return {
    type: "turn_summary",
    turn: state.turn,
    conversation: extra.conversation,
    team: state.team,
    mode: state.mode,
    outcome: state.outcome,
    presenter: presented?.agent ?? null,
    answer: presented ? (state.presented ?? presented.text) : null,
    added_messages: addedTo(state),
    answers: answersOf(state),
    votes: state.ballots.map(voteOf),
    tally: tallyOf(state),
    certainty: certaintyView(state),
    usage: usageOf(state),
    closed_by: state.closing?.closedBy ?? null,
    decided_by: state.closing?.decidedBy ?? null,
    limits_hit: limitsHit(state),
    elapsed_ms: Math.round(state.now),
    failures: failuresOf(state),
    notes: footerNotes(state, extra),
  } as const;
}

/** Messages added during the turn, except one that the next turn answers. */
function addedTo(state: TurnState): readonly string[] {
  const { inbox, closing } = state;
  const unseen = closing?.unseen ?? [];
  const next = isReplaced(state) ? undefined : unseen.at(-1);
  const all = new Set([...inbox.map(({ id }) => id), ...unseen]);
  return [...all].filter((id) => id !== next);
}

/** Every revision, in order. */
const answersOf = (state: TurnState) =>
  state.revisions.map(({ id, agent, number, text, claim, at }) => ({
    agent,
    name: state.agents.find((member) => member.id === agent)?.name ?? agent,
    label: state.agents.find((member) => member.id === agent)?.label ?? null,
    revision: id,
    number,
    text,
    claim,
    at_ms: Math.round(at),
  }));

const voteOf = ({ reviewer, scores, reason, objection, at, void: isVoid }: CastBallot) => ({
  reviewer,
  scores,
  reason,
  objection: objection ?? null,
  counts: !isVoid,
  at_ms: Math.round(at),
});

const tallyOf = (state: TurnState) =>
  tally(state).map(({ agent, revision, score, electable, people }) => ({
    agent,
    revision,
    score,
    electable,
    people,
  }));

const usageOf = ({ spent, wasted, agents }: TurnState) => ({
  ...tokensOf(spent),
  wasted_tokens: wasted,
  estimated_tokens: spent.estimated ?? 0,
  agents: Object.fromEntries(agents.map(({ id, usage }) => [id, tokensOf(usage)])),
});

const tokensOf = (usage: Usage) => {
  const { input, cached, output, costUsd, cacheWritten = 0, cacheWrittenLong = 0 } = usage;
  return {
    input_tokens: input,
    cached_tokens: cached,
    cache_written_tokens: cacheWritten,
    cache_written_1h_tokens: cacheWrittenLong,
    output_tokens: output,
    cost_usd: costUsd,
  };
};

const failuresOf = ({ agents }: { readonly agents: readonly AgentState[] }) =>
  agents.flatMap(({ id, failed }) => (failed ? [{ agent: id, ...failed }] : []));

/** The same keys for a message without a turn. */
export const noTurnSummary = (conversation: ConversationId, reasons: readonly string[]) =>
  ({
    type: "turn_summary",
    turn: null,
    conversation,
    team: null,
    mode: null,
    outcome: "failed",
    presenter: null,
    answer: null,
    added_messages: [],
    answers: [],
    votes: [],
    tally: [],
    certainty: null,
    usage: null,
    closed_by: null,
    decided_by: null,
    limits_hit: [],
    elapsed_ms: 0,
    failures: [],
    notes: reasons,
  }) satisfies Record<keyof TurnSummary, unknown>;
