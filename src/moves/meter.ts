import { BackendError, type BackendEvent, type TokenUsage } from "../backends/backend.ts";
import type { Clock } from "../clock.ts";
import { NO_USAGE, sumUsage } from "../coordination/spending.ts";
import { estimateMessage } from "../context/estimate.ts";
import type { CacheLife } from "../coordination/cache-life.ts";
import type { FailureClass } from "../coordination/turn-event.ts";
import type { Usage } from "../coordination/usage.ts";
import { type CacheBefore, withLife, withOtherLife } from "./other-life.ts";
import { brokenOff, type CallCount, count, isCharged, startCount } from "./call-count.ts";

/** The cost of one call in US dollars; null if the price is unknown. */
export type Cost = (usage: TokenUsage) => number | null;

export interface MeterOptions {
  readonly clock: Pick<Clock, "now">;
  readonly cost: Cost;
  /** Prices calls once the fallback has taken over; absent if its prices are unknown. */
  readonly fallbackCost?: Cost | undefined;
  /** The expected cached tokens of a prompt. Used for calls aborted before the provider reported usage. */
  readonly expectCached?: ((promptTokens: number) => number) | undefined;
  /** Absent if the backend does not let Parley choose how long its cache lives. */
  readonly cache?: MeteredCache | undefined;
}

export interface MeteredCache {
  /** The life that calls ask for. */
  readonly life: CacheLife;
  /** What the cache holds of the prompt. */
  readonly before: () => CacheBefore;
}

/**
 * Meters the calls of one move. A finished call counts as reported; an aborted one counts its prompt plus what it has streamed. Attempts that
 * a provider rejected before streaming are free.
 */
export interface Meter {
  /** Call before each call. `promptTokens` is an estimate. */
  readonly begin: (promptTokens: number) => void;
  /** Call with every event, in order. */
  readonly take: (event: BackendEvent) => void;
  /** Call when the call has thrown. */
  readonly fail: (error: unknown) => void;
  /** The usage of all calls so far, including a running one. */
  readonly read: () => Usage;
}

export function createMeter(options: MeterOptions): Meter {
  const { clock } = options;
  const price = createPricing(options);
  let ended = NO_USAGE;
  let call: CallCount | null = null;
  const end = (usage: Usage): void => {
    ended = sumUsage(ended, usage);
    call = null;
  };
  const breakOff = (one: CallCount, failure: FailureClass | null): void =>
    end({ ...(isCharged(one, failure) ? price.broken(one) : price.free(one)), firstTokenMs: null });
  const retry = (one: CallCount, event: Extract<BackendEvent, { type: "retrying" }>): void => {
    breakOff(one, event.failure);
    if (event.backend !== undefined) price.takeOver();
    const waitingSince = clock.now() + event.delayMs;
    call = startCount(one.promptTokens, { askedAt: one.askedAt, waitingSince });
  };
  return {
    begin(promptTokens) {
      const now = clock.now();
      call = startCount(promptTokens, { askedAt: now, waitingSince: now });
    },
    take(event) {
      if (!call) return;
      if (event.type === "probed") ended = sumUsage(ended, price.probe(event));
      else if (event.type === "retrying") retry(call, event);
      else if (event.type === "done") end(price.whole(call, event.usage));
      else count(call, event, clock.now());
    },
    fail(error) {
      if (call) breakOff(call, error instanceof BackendError ? error.failure : null);
    },
    read: () => (call ? sumUsage(ended, price.broken(call)) : ended),
  };
}

type Probed = Extract<BackendEvent, { type: "probed" }>;

const unknownCost: Cost = () => null;
const nothingCached = () => 0;

/** Prices a call, with its times, at the current backend's prices. */
function createPricing(options: MeterOptions) {
  const { clock, expectCached = nothingCached } = options;
  let { cost, cache } = options;
  const timesOf = ({ sentAt, waitingSince, firstTokenMs }: CallCount) => {
    const now = clock.now();
    return {
      firstTokenMs,
      ...positive("queuedMs", (sentAt ?? now) - waitingSince),
      ...positive("modelMs", sentAt === null ? 0 : now - sentAt),
    };
  };
  const priced = (call: CallCount, tokens: TokenUsage, estimated: number): Usage => ({
    ...usageOf(tokens, estimated, { cost, cache }),
    ...timesOf(call),
  });
  const free = (call: CallCount): Usage => ({ ...NO_USAGE, ...timesOf(call) });
  const broken = (call: CallCount): Usage => {
    if (call.sentAt === null) return free(call);
    const { tokens, estimated } = brokenOff(call, expectCached);
    return priced(call, tokens, estimated);
  };
  return {
    free,
    broken,
    /** Some servers report no usage, or zeros. */
    whole(call: CallCount, usage: TokenUsage | null): Usage {
      if (usage && usage.input + usage.output > 0) return priced(call, usage, 0);
      return broken({ ...call, sentAt: call.sentAt ?? call.askedAt });
    },
    probe: (event: Probed): Usage => probeUsage(event, cost),
    takeOver() {
      cost = options.fallbackCost ?? unknownCost;
      cache = undefined;
    },
  };
}

function usageOf(
  reported: TokenUsage,
  estimated: number,
  { cost, cache }: Pick<MeterOptions, "cost" | "cache">,
): Usage {
  const tokens = cache ? withLife(reported, cache.life) : reported;
  const { input, cached, output, cacheWritten, cacheWrittenLong = 0 } = tokens;
  const costUsd = cost(tokens);
  return {
    input,
    cached,
    output,
    costUsd,
    firstTokenMs: null,
    ...positive("estimated", estimated),
    ...positive("cacheWritten", cacheWritten),
    ...positive("cacheWrittenLong", cacheWrittenLong),
    ...(cache && otherCost(cost(withOtherLife(tokens, cache.life, cache.before())), costUsd)),
  };
}

/** A call before the one that the move waits for, without times of its own. */
function probeUsage({ messages, usage, mostOutput: output }: Probed, cost: Cost): Usage {
  if (usage) return usageOf(usage, 0, { cost });
  const input = Math.ceil(messages.reduce((sum, one) => sum + estimateMessage(one), 0));
  return usageOf({ input, cached: 0, cacheWritten: 0, output }, input + output, { cost });
}

const otherCost = (other: number | null, costUsd: number | null) =>
  other === null || other === costUsd ? {} : { otherLifeCostUsd: other };

/** Omits zero values. */
const positive = (
  key: "estimated" | "queuedMs" | "modelMs" | "cacheWritten" | "cacheWrittenLong",
  value: number,
) => (Math.round(value) > 0 ? { [key]: Math.round(value) } : {});
