import type { Backend } from "../backends/backend.ts";
import type { Clock } from "../clock.ts";
import type { Calibration } from "../context/calibration.ts";
import type { Summary } from "../context/fit-thread.ts";
import type { Conversation } from "../conversation/message.ts";
import type { Policy } from "../coordination/policy.ts";
import type { SteeringMessage } from "../coordination/turn-event.ts";
import type { AgentId } from "../ids.ts";
import type { Cost } from "./meter.ts";

/** An agent as its moves need it. */
export interface MoveAgent {
  readonly id: AgentId;
  /** From the team file; "" for none. */
  readonly instructions: string;
  readonly backend: Backend;
  /** Tokens. */
  readonly facts: { readonly contextWindow: number; readonly maxOutputTokens: number };
  readonly cost: Cost;
  /** Prices calls that the fallback answered; absent: there is none. */
  readonly fallbackCost?: Cost | undefined;
}

/** What a review said about an answer, for the presenter. */
export interface Remark {
  /** The label of the answer it is about. */
  readonly label: string;
  /** A vote's reason, or an objection. */
  readonly text: string;
}

export interface MovesOptions {
  readonly agents: readonly MoveAgent[];
  /** For all agents of the team. */
  readonly teamInstructions?: string | undefined;
  readonly policy: Pick<Policy, "present" | "limits">;
  readonly conversation: Conversation;
  /** Messages added to the turn so far, oldest first. */
  readonly inbox: () => readonly SteeringMessage[];
  /** Asked when a `present` move starts. */
  readonly remarks?: (() => readonly Remark[]) | undefined;
  /** One for the process. */
  readonly calibration: Calibration;
  readonly clock: Clock;
  /** Of the turn; ends the loading of files. */
  readonly signal: AbortSignal;
  readonly summary?: Summary | undefined;
  /** Today's date as the models shall read it. */
  readonly today?: string | undefined;
  /** Same for all calls of a conversation. */
  readonly cacheKey?: string | undefined;
}
