import type { LimitsHit } from "../store/tables/deliveries.ts";
import type { Turn } from "../store/tables/turn.ts";

/** A stage of a turn, for the log; the work of its agents is in its events. Durations in ms. */
export type TurnStep =
  /** `ahead`: turns of its thread that come first; `sinceWrittenMs`: since its message was written. */
  | { readonly step: "accepted"; readonly ahead: number; readonly sinceWrittenMs: number }
  | { readonly step: "queued"; readonly why: QueueReason; readonly waitedMs: number }
  | { readonly step: "started"; readonly attempt: number }
  | {
      readonly step: "posted";
      readonly kind: "final" | "note";
      readonly tookMs: number;
      readonly limits: LimitsHit;
    }
  /** Since the request was accepted. */
  | { readonly step: "done"; readonly tookMs: number };

/** Passes turn steps to a listener that accepts them. */
export const stepsTo = (listener: { turnStep?(turn: Turn, step: TurnStep): void }) => ({
  onStep: (turn: Turn, step: TurnStep) => listener.turnStep?.(turn, step),
});

/** What a turn waited for before it started. */
export type QueueReason = "an earlier turn of this thread" | "a free process" | "nothing";

/** Shorter waits are the time it takes to hand a turn over, ms. */
const HAND_OVER_MS = 1_000;

/** `earlierEndedAt`: when the last of the turns before it in its lane ended; null: none has. Times in ms since the epoch. */
export function queueReason(
  { createdAt, startedAt }: { readonly createdAt: number; readonly startedAt: number },
  earlierEndedAt: number | null,
): QueueReason {
  if (earlierEndedAt !== null && earlierEndedAt > createdAt)
    return "an earlier turn of this thread";
  return startedAt - createdAt < HAND_OVER_MS ? "nothing" : "a free process";
}
