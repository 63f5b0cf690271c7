/** What a provider says is left of one of its limits. */
export interface RateLimit {
  /** Tells its limits apart: "requests", "tokens-minute", … */
  readonly name: string;
  readonly unit: "calls" | "tokens";
  /** Null: unknown. */
  readonly limit: number | null;
  readonly remaining: number;
  /** Milliseconds until nothing of it is used. */
  readonly resetMs: number;
}

/** Below this share of a limit, calls are spread over the time until its reset. */
const LOW = 0.1;
/** Limits over a longer time are spent as they come: nobody waits minutes for a share of a day. */
const LONGEST_PACED_MS = 120_000;
/** Without a refusal, headers alone hold calls back for at most this long, because some servers always say 0. */
const LONGEST_HOLD_MS = 60_000;
/** A call uses at most this share of a token limit, until its use is measured. */
const FIRST_SHARE = 0.05;
const UNKNOWN_CALL_TOKENS = 5_000;
/** Weight of the latest call in the measured use. */
const NEWEST = 0.3;

interface Bucket {
  readonly remaining: number;
  /** In calls; null: unknown. */
  readonly limit: number | null;
  /** What one call uses. */
  readonly perCall: number;
  /** Calls that may still be sent. */
  calls: number;
  readonly resetAt: number;
  readonly isPaced: boolean;
}

/** The limits of a provider as its headers report them. Times on the clock. */
export function createRateWindow() {
  const buckets = new Map<string, Bucket>();
  let sentAt = 0;
  return {
    /** `unanswered`: calls that the report does not count yet. */
    report(limits: readonly RateLimit[], { now, unanswered }: { now: number; unanswered: number }) {
      for (const limit of limits) {
        const perCall = useOf(limit, buckets.get(limit.name));
        buckets.set(limit.name, {
          remaining: limit.remaining,
          limit: limit.limit === null ? null : limit.limit / perCall,
          perCall,
          calls: limit.remaining / perCall - unanswered,
          resetAt: now + Math.min(limit.resetMs, LONGEST_HOLD_MS),
          isPaced: limit.resetMs <= LONGEST_PACED_MS,
        });
      }
    },
    forget: (): void => buckets.clear(),
    sent(now: number): void {
      sentAt = now;
      for (const bucket of buckets.values()) bucket.calls -= 1;
    },
    /** When the next call may be sent. */
    opensAt(now: number): number {
      for (const [name, { resetAt }] of buckets) if (resetAt <= now) buckets.delete(name);
      return Math.max(0, ...[...buckets.values()].map((bucket) => opening(bucket, sentAt)));
    },
  };
}

function opening({ calls, limit, resetAt, isPaced }: Bucket, sentAt: number): number {
  if (calls < 1) return resetAt;
  const isLow = isPaced && limit !== null && calls < limit * LOW;
  return isLow ? sentAt + (resetAt - sentAt) / calls : 0;
}

function useOf({ unit, limit, remaining }: RateLimit, before: Bucket | undefined): number {
  if (unit === "calls") return 1;
  if (!before) {
    if (limit === null) return UNKNOWN_CALL_TOKENS;
    return Math.max(1, Math.min(limit - remaining, limit * FIRST_SHARE));
  }
  const used = before.remaining - remaining;
  // More is left than before: a part was refilled meanwhile.
  if (used <= 0) return before.perCall;
  return before.perCall + NEWEST * (used - before.perCall);
}
