import type { TurnEvent } from "../coordination/turn-event.ts";
import type { TurnId } from "../ids.ts";

/** The stored times of a turn, in milliseconds since the epoch; null if it has not happened or is unknown. */
export interface TurnTimes {
  readonly turn: TurnId;
  /** When the person sent the message, by the platform's clock. */
  readonly writtenAt: number | null;
  readonly takenOnAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The number of starts, not counting deliberate handovers. */
  readonly attempts: number;
  /** What the turn waited for before it started. */
  readonly queuedFor: string | null;
  readonly journal: readonly { readonly event: TurnEvent; readonly at: number }[];
  readonly deliveries: readonly {
    readonly kind: "status" | "final" | "note";
    readonly chunk: number;
    readonly state: "intended" | "posted";
    readonly intendedAt: number | null;
    readonly at: number;
    readonly limitsHit: number | null;
    readonly limitedMs: number | null;
  }[];
}

/** A time span of a turn: `wait` (not for a model), `model` until the first token, `write` while streaming, `post` on the platform. */
export interface Segment {
  readonly kind: "wait" | "model" | "write" | "post";
  readonly from: number;
  readonly to: number;
}

/** One line of the waterfall. */
export interface Span {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly segments: readonly Segment[];
  /** Short notes. */
  readonly notes: readonly string[];
}

export const formatSeconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)}s`;
