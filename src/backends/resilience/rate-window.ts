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
  /** Calls that could still be sent when it was reported. */
  calls: number;
  readonly reportedAt: number;
  readonly resetAt: number;
  readonly isPaced: boolean;
  /** What the first report of this limit said. */
  readonly first: { readonly remaining: number; readonly resetAt: number };
  /** Calls that come back per ms; 0: all come back at the reset, or nothing is known. */
  readonly refill: number;
}

/** The limits of a provider as its headers report them. Times on the clock. */
export function createRateWindow() {
  const buckets = new Map<string, Bucket>();
  /** The limits that refill continuously, as OpenAI's and Anthropic's do. Others come back as a whole at their reset. */
  const refilling = new Set<string>();
  let sentAt = 0;
  return {
    /** `unanswered`: calls that the report does not count yet. */
    report(limits: readonly RateLimit[], { now, unanswered }: { now: number; unanswered: number }) {
      for (const limit of limits) {
        const before = buckets.get(limit.name);
        const perCall = useOf(limit, before);
        const resetAt = now + Math.min(limit.resetMs, LONGEST_HOLD_MS);
        if (isRefilling(limit, before, resetAt)) refilling.add(limit.name);
        buckets.set(limit.name, {
          remaining: limit.remaining,
          limit: limit.limit === null ? null : limit.limit / perCall,
          perCall,
          calls: limit.remaining / perCall - unanswered,
          reportedAt: now,
          resetAt,
          first: before?.first ?? { remaining: limit.remaining, resetAt },
          refill: refilling.has(limit.name) ? refillOf(limit) / perCall : 0,
          isPaced: limit.resetMs <= LONGEST_PACED_MS,
        });
      }
    },
    /** The provider said something newer: what is left is unknown until the next report. */
    forget(): void {
      for (const bucket of buckets.values()) bucket.calls = Number.POSITIVE_INFINITY;
    },
    sent(now: number): void {
      sentAt = now;
      for (const bucket of buckets.values()) bucket.calls -= 1;
    },
    /** When the next call may be sent. */
    opensAt(now: number): number {
      for (const [name, { resetAt }] of buckets) if (resetAt <= now) buckets.delete(name);
      return Math.max(0, ...[...buckets.values()].map((bucket) => opening(bucket, sentAt, now)));
    },
  };
}

function opening(bucket: Bucket, sentAt: number, now: number): number {
  const { limit, reportedAt, resetAt, isPaced, refill } = bucket;
  const calls = bucket.calls + (now - reportedAt) * refill;
  if (calls < 1) return refill > 0 ? Math.min(resetAt, now + (1 - calls) / refill) : resetAt;
  const isLow = isPaced && refill === 0 && limit !== null && calls < limit * LOW;
  return isLow ? sentAt + (resetAt - sentAt) / calls : 0;
}

/** A reset that moves away with each call is that of a bucket that refills continuously. */
const isRefilling = (
  { remaining }: RateLimit,
  before: Bucket | undefined,
  resetAt: number,
): boolean =>
  before !== undefined &&
  remaining < before.first.remaining &&
  resetAt > before.first.resetAt + MOVED_MS;

/** Tokens or calls that come back per ms, if they do before the reset. */
const refillOf = ({ limit, remaining, resetMs }: RateLimit): number =>
  limit === null || resetMs <= 0 ? 0 : (limit - remaining) / resetMs;

/** Resets are rounded, some to seconds. */
const MOVED_MS = 1_000;

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
