import type { QueueCause } from "../../coordination/queue-events.ts";
import { createProviderPause } from "./provider-pause.ts";
import { createRateWindow, type RateLimit } from "./rate-window.ts";

/** A call that waits. */
export interface WaitingCall {
  /** Older turns have smaller ones. */
  readonly rank: number;
  /** Of the account; separates calls of one turn. */
  readonly arrival: number;
  /** The account may have so many calls in flight with this one. */
  readonly ceiling: number;
  /** It leaves rather than wait out a longer pause, ms. */
  readonly longestPauseMs: number;
  readonly admit: () => void;
  readonly refuse: (pauseMs: number) => void;
  /** Says what it waits for; says the same only once. */
  readonly tell: (wait: LaneWait) => void;
}

export interface LaneWait {
  readonly cause: QueueCause;
  readonly resumesInMs: number | null;
}

export const isBefore = (a: WaitingCall, b: WaitingCall): boolean =>
  a.rank < b.rank || (a.rank === b.rank && a.arrival < b.arrival);

function insert(queue: WaitingCall[], call: WaitingCall): void {
  const at = queue.findIndex((other) => isBefore(call, other));
  queue.splice(at < 0 ? queue.length : at, 0, call);
}

/** The calls of an account for one model: providers limit the rate of each model by itself. Oldest turn first. */
export function createLane() {
  const window = createRateWindow();
  const pause = createProviderPause();
  const queue: WaitingCall[] = [];
  let accepted = 0;
  let unanswered = 0;
  return {
    /** How many calls the provider has taken on so far. */
    get accepted() {
      return accepted;
    },
    first: (): WaitingCall | undefined => queue[0],
    waiting: (): readonly WaitingCall[] => [...queue],
    add: (call: WaitingCall): void => insert(queue, call),
    remove(call: WaitingCall): void {
      const at = queue.indexOf(call);
      if (at >= 0) queue.splice(at, 1);
    },
    /** What its calls wait for. */
    waitOf(now: number): LaneWait {
      if (pause.until > now) return { cause: "rate_limit", resumesInMs: pause.until - now };
      const cause = window.opensAt(now) > now ? "rate_limit" : "room";
      return { cause, resumesInMs: null };
    },
    /** When the next call may be sent, on the clock. */
    opensAt: (now: number): number => Math.max(pause.until, window.opensAt(now)),
    pauseMs: (now: number): number => pause.leftMs(now),

    sent(now: number): void {
      unanswered += 1;
      window.sent(now);
    },
    /** A call that was sent was taken on, or has ended. */
    answered: (): void => void (unanswered -= 1),
    /** The provider took a call on and said what is left of its limits. */
    tookOn(limits: readonly RateLimit[], now: number): void {
      accepted += 1;
      pause.tookOn();
      window.report(limits, { now, unanswered });
    },
    /** The provider refused a call for lack of room, and named a time or did not. */
    refused(askedMs: number | undefined, now: number): void {
      // It is newer than what earlier replies said is left.
      if (askedMs !== undefined) window.forget();
      pause.refused(askedMs, now);
    },
  };
}
export type Lane = ReturnType<typeof createLane>;
