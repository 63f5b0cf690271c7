import type { QueueCause } from "../../coordination/queue-events.ts";
import { createProviderPause } from "./provider-pause.ts";
import { createRateWindow, type RateLimit } from "./rate-window.ts";
import { createRoom } from "./room.ts";
import { createTrial, type SentCall } from "./trial.ts";

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

/** Oldest turn first. */
function createQueue() {
  const queue: WaitingCall[] = [];
  return {
    first: (): WaitingCall | undefined => queue[0],
    waiting: (): readonly WaitingCall[] => [...queue],
    add(call: WaitingCall): void {
      const at = queue.findIndex((other) => isBefore(call, other));
      queue.splice(at < 0 ? queue.length : at, 0, call);
    },
    remove(call: WaitingCall): void {
      const at = queue.indexOf(call);
      if (at >= 0) queue.splice(at, 1);
    },
  };
}

/** The calls of an account for one model: providers limit the rate of each model by itself. */
export function createLane() {
  const window = createRateWindow();
  const pause = createProviderPause();
  const room = createRoom();
  const trial = createTrial();
  const opensAt = (now: number): number =>
    Math.max(pause.until, window.opensAt(now), trial.opensAt(now));
  let accepted = 0;
  return {
    ...createQueue(),
    room,
    /** How many calls the provider has taken on so far. */
    get accepted() {
      return accepted;
    },
    /** What its calls wait for. */
    waitOf(now: number): LaneWait {
      if (pause.until > now) return { cause: "rate_limit", resumesInMs: pause.until - now };
      return { cause: opensAt(now) > now ? "rate_limit" : "room", resumesInMs: null };
    },
    /** When the next call may be sent, on the clock. */
    opensAt,
    pauseMs: (now: number): number => pause.leftMs(now),

    sent(number: number, now: number): SentCall {
      window.sent(now);
      return trial.sent(number, now);
    },
    /** A call that was sent was taken on, or has ended. */
    answered: ({ number }: SentCall): void => trial.answered(number),
    /** The provider took a call on and said what is left of its limits. */
    tookOn(limits: readonly RateLimit[], now: number): void {
      accepted += 1;
      trial.tookOn();
      room.tookOn();
      pause.tookOn();
      window.report(limits, { now, unanswered: trial.unanswered });
    },
    /** The provider refused a call for lack of room, and named a time or did not. */
    refused({ number }: SentCall, askedMs: number | undefined, now: number): void {
      trial.refused(number);
      // It is newer than what earlier replies said is left.
      if (askedMs !== undefined) window.forget();
      pause.refused(askedMs, now);
    },
  };
}
export type Lane = ReturnType<typeof createLane>;
