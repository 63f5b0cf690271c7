import type { TurnEvent } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { ConversationId } from "../ids.ts";
import type { Log } from "./log.ts";

/** Writes a turn's events to the log: what happened, never what was said. */
export function logTurnEvent(
  log: Log,
  conversation: ConversationId,
  event: TurnEvent,
  state: TurnState,
): void {
  const about = { turn: state.turn, conversation, at_ms: Math.round(event.at) };
  if (event.type === "turn_ended") return log.info({ ...about, ...summaryOf(state) }, "turn ended");
  if (event.type === "move_failed") {
    const { agent, move, failure, message } = event;
    return log.warn({ ...about, agent, move, failure, message }, "move failed");
  }
  const who = "agent" in event ? { agent: event.agent, move: event.move } : {};
  log.debug({ ...about, ...who }, event.type.replaceAll("_", " "));
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
