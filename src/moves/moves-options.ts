import type { Backend } from "../backends/backend.ts";
import type { OutputHistory } from "../backends/output-history.ts";
import type { Clock } from "../clock.ts";
import type { Calibration } from "../context/calibration.ts";
import type { Summary } from "../context/fit-thread.ts";
import type { Conversation } from "../conversation/message.ts";
import type { CacheChoice } from "../coordination/cache-life.ts";
import type { Policy } from "../coordination/policy.ts";
import type { MoveKind, SteeringMessage } from "../coordination/turn-event.ts";
import type { AgentId } from "../ids.ts";
import type { Cost } from "./meter.ts";

/** The parts of an agent that its moves need. */
export interface MoveAgent {
  readonly id: AgentId;
  /** From the team file; "" if there are none. */
  readonly instructions: string;
  readonly backend: Backend;
  /** The address of its server; absent for its provider's own. */
  readonly baseUrl?: string | undefined;
  /** Tokens. */
  readonly facts: { readonly contextWindow: number; readonly maxOutputTokens: number };
  readonly cost: Cost;
  /** Output tokens to expect of a move. Default: all that is reserved. */
  readonly expectedOutput?: ((kind: MoveKind) => number) | undefined;
  /** Prices calls that the fallback answered; absent without a fallback. */
  readonly fallbackCost?: Cost | undefined;
  /** Whether its provider lets Parley choose how long the cache lives. */
  readonly takesCacheLife?: boolean | undefined;
}

/** A review's comment on an answer, for the presenter. */
export interface Remark {
  /** The label of the answer that it is about, or "all". */
  readonly label: string;
  /** A vote's reason, or an objection. */
  readonly text: string;
}

export interface MovesOptions {
  readonly agents: readonly MoveAgent[];
  /** Instructions for all agents of the team. */
  readonly teamInstructions?: string | undefined;
  readonly policy: Pick<Policy, "present" | "limits" | "tally" | "ballot">;
  readonly conversation: Conversation;
  /** Messages added to the turn so far, oldest first. */
  readonly inbox: () => readonly SteeringMessage[];
  /** Called when a `present` move starts. */
  readonly remarks?: (() => readonly Remark[]) | undefined;
  /** Shared by the whole process. */
  readonly calibration: Calibration;
  /** What models wrote so far, shared by the whole process. Default: nothing is measured. */
  readonly outputs?: OutputHistory | undefined;
  readonly clock: Clock;
  /** Milliseconds since the epoch. Without it, a failure does not say until when a provider wants to be left alone. */
  readonly wallClock?: (() => number) | undefined;
  /** The turn's signal; aborts the loading of files. */
  readonly signal: AbortSignal;
  readonly summary?: Summary | undefined;
  /** Today's date, as text for the models. */
  readonly today?: string | undefined;
  /** When the turn began, ms since the epoch: models are asked for older turns first. */
  readonly turnStartedAt?: number | undefined;
  /** How long providers are asked to keep prompts; null or absent: they decide themselves. */
  readonly cache?: CacheChoice | null | undefined;
  /** The same for all calls of a conversation. */
  readonly cacheKey?: string | undefined;
}
