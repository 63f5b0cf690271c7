import type { EventOf, TurnEvent } from "../coordination/turn-event.ts";
import type { Usage } from "../coordination/usage.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { ConversationId, TurnId } from "../ids.ts";
import type { TurnStep } from "../turns/turn-step.ts";
import type { Log } from "./log.ts";

/** A running move, as seen by this process. */
interface Begun {
  readonly at: number;
  usage: Usage | null;
  retries: number;
}

/** Logs what happens in turns, never what people or agents write. Every line has its turn id. */
export function createTurnLog(log: Log) {
  const begun = new Map<string, Map<string, Begun>>();

  const follow = (event: TurnEvent, { turn }: TurnState): Begun | undefined => {
    const moves = begun.get(turn) ?? new Map<string, Begun>();
    if (event.type === "turn_ended") begun.delete(turn);
    if (!("move" in event)) return undefined;
    begun.set(turn, moves);
    if (event.type === "move_started") {
      moves.set(event.move, { at: event.at, usage: null, retries: 0 });
    }
    const move = moves.get(event.move);
    if (move && event.type === "move_retrying") move.retries += 1;
    if (move && "usage" in event && event.usage) move.usage = event.usage;
    return move;
  };

  return {
    event(conversation: ConversationId, event: TurnEvent, state: TurnState): void {
      const about = { turn: state.turn, conversation, at_ms: Math.round(event.at) };
      const move = follow(event, state);
      if (event.type === "turn_ended") {
        log.info({ ...about, ...summaryOf(state) }, "turn ended");
      } else if (event.type === "move_failed") {
        const { failure, reason, message } = event;
        log.warn(
          { ...about, ...whoOf(event), failure, reason, message, ...timesOf(event, move) },
          "move failed",
        );
      } else if (event.type === "move_timed_out") {
        const { limit } = event;
        log.warn({ ...about, ...whoOf(event), limit, ...timesOf(event, move) }, "move timed out");
      } else if (isOutcome(event)) {
        const ended = event.type.replaceAll("_", " ");
        log.info({ ...about, ...whoOf(event), ended, ...timesOf(event, move) }, "move ended");
      } else log.debug({ ...about, ...whoOf(event) }, event.type.replaceAll("_", " "));
    },

    /** Logs the stages of a turn beside its events: accepted, queued, started, posted, done. */
    step(
      turn: { readonly id: TurnId; readonly conversation: ConversationId },
      step: TurnStep,
    ): void {
      log.info({ turn: turn.id, conversation: turn.conversation, ...fieldsOf(step) }, step.step);
    },
  };
}

const OUTCOMES = [
  "answer_given",
  "revision_offered",
  "vote_cast",
  "answer_repeated",
  "abstained",
  "move_aborted",
  "answer_presented",
] as const;

const isOutcome = (event: TurnEvent): event is EventOf<(typeof OUTCOMES)[number]> =>
  OUTCOMES.some((type) => type === event.type);

const whoOf = (event: TurnEvent) =>
  "agent" in event ? { agent: event.agent, move: event.move } : {};

const timesOf = ({ at }: TurnEvent, move: Begun | undefined) => ({
  took_ms: move ? Math.round(at - move.at) : null,
  retries: move?.retries ?? 0,
  ...(move?.usage && usageFields(move.usage)),
});

const usageFields = ({ modelMs = 0, queuedMs = 0, firstTokenMs, input, output }: Usage) => ({
  model_ms: modelMs,
  queued_ms: queuedMs,
  first_token_ms: firstTokenMs,
  input_tokens: input,
  output_tokens: output,
});

function fieldsOf(step: TurnStep) {
  switch (step.step) {
    case "accepted":
      return { ahead: step.ahead, since_written_ms: step.sinceWrittenMs };
    case "queued":
      return { why: step.why, waited_ms: step.waitedMs };
    case "started":
      return { attempt: step.attempt };
    case "posted": {
      const { hits, ms } = step.limits;
      return { kind: step.kind, took_ms: step.tookMs, rate_limits: hits, rate_limited_ms: ms };
    }
    case "done":
      return { took_ms: step.tookMs };
  }
}

const summaryOf = ({ team, outcome, closing, started, spent, retries, now }: TurnState) => ({
  team,
  outcome,
  closed_by: closing?.closedBy ?? null,
  limit: closing?.limit ?? null,
  moves: started,
  retries,
  input_tokens: spent.input,
  cached_tokens: spent.cached,
  output_tokens: spent.output,
  cost_usd: spent.costUsd,
  elapsed_ms: Math.round(now),
});
