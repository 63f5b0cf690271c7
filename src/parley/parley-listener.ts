import type { TextListener } from "../coordination/runner/ports.ts";
import type { TurnEvent } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { ConversationId } from "../ids.ts";
import type { TurnSummary } from "../progress/turn-summary.ts";
import type { Turn } from "../store/tables/turn.ts";
import type { TurnStep } from "../turns/turn-step.ts";

/** Callbacks for adapters and the log. None of them may throw. */
export interface ParleyListener {
  turnEvent(conversation: ConversationId, event: TurnEvent, state: TurnState): void;
  readonly turnText?: TextListener;
  /** A stage in the life of a turn. */
  turnStep?(turn: Turn, step: TurnStep): void;
  /** Parley is done with a message; null: it has no turn. */
  turnDone(conversation: ConversationId, message: string, summary: TurnSummary | null): void;
  /** A problem that Parley recovered from. */
  problem(problem: unknown, about: { conversation?: ConversationId; turn?: string }): void;
}
