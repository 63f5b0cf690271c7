import type { Clock } from "../../clock.ts";
import { createBoundedMap } from "../../bounded-map.ts";
import type { CallLimit } from "./call-limits.ts";

/**
 * Limits calls of one kind for callers that wait elsewhere, such as a delivery that will have a newer view to show by then: who finds no room
 * is told when to ask again, and keeps its place in the queue.
 */
export interface PolledLimiter {
  /**
   * 0: the call may be made now, and is counted. Otherwise ask again after that many ms, with the same key. Urgent calls go first.
   */
  ask(key: string, urgent: boolean): number;
  /** The call was not made. */
  giveBack(): void;
  /** The platform takes no such call for `ms`. `patient`: only calls that are not urgent wait. */
  pause(ms: number, who: "all" | "patient"): void;
}

export interface PolledLimiterOptions {
  readonly clock: Pick<Clock, "now">;
  readonly createLimit: (name: string) => CallLimit;
}

/** Callers ask again at least this often, ms, so that a call that becomes urgent is not late. */
const POLL_MS = 3_000;
const SOONEST_MS = 200;
const ROUNDING = 1e-6;
/** A caller that has not asked for this long has left the queue, ms. */
const GONE_MS = 5 * POLL_MS;

/** First come, first served; urgent calls before the rest. */
export function createPolledLimiter(
  { clock, createLimit }: PolledLimiterOptions,
  name = "",
): PolledLimiter {
  const limit = createLimit(name);
  const closed = { all: -Infinity, patient: -Infinity };
  const waiting = new Map<string, { urgent: boolean; askedAt: number }>();

  const placeOf = (key: string, urgent: boolean): number => {
    let ahead = 0;
    let passed = false;
    for (const [other, entry] of waiting) {
      if (other === key) passed = true;
      else if (entry.urgent === urgent ? !passed : entry.urgent) ahead++;
    }
    return ahead;
  };

  const forgetGone = (now: number): void => {
    for (const [other, { askedAt }] of waiting) {
      if (now - askedAt > GONE_MS) waiting.delete(other);
    }
  };

  return {
    ask(key, urgent) {
      const now = clock.now();
      forgetGone(now);
      waiting.set(key, { urgent, askedAt: now });
      const closedUntil = urgent ? closed.all : Math.max(closed.all, closed.patient);
      if (now < closedUntil) return Math.max(SOONEST_MS, closedUntil - now);
      const missing = placeOf(key, urgent) + 1 - limit.room(now, urgent);
      if (missing > ROUNDING) {
        return Math.min(POLL_MS, Math.max(SOONEST_MS, limit.untilRoomFor(missing, now)));
      }
      limit.take(now);
      waiting.delete(key);
      return 0;
    },
    giveBack: () => limit.giveBack(),
    pause(ms, who) {
      closed[who] = Math.max(closed[who], clock.now() + ms);
    },
  };
}

/** One limiter per name. */
export function createPolledLimiters(
  options: PolledLimiterOptions,
  max = 5_000,
): (name: string) => PolledLimiter {
  const limiters = createBoundedMap<string, PolledLimiter>(max);
  return (name) => limiters.ensure(name, () => createPolledLimiter(options, name));
}
