import { BackendError, type BackendEvent, type TokenUsage } from "../backends/backend.ts";
import type { Clock } from "../clock.ts";
import { NO_USAGE, sumUsage } from "../coordination/spending.ts";
import type { FailureClass, Usage } from "../coordination/turn-event.ts";
import { brokenOff, type CallCount, count, isCharged, startCount } from "./call-count.ts";

/** US dollars of one call; null: the price is unknown. */
export type Cost = (usage: TokenUsage) => number | null;

export interface MeterOptions {
  readonly clock: Pick<Clock, "now">;
  readonly cost: Cost;
  /** Prices calls from the moment that the fallback takes over; absent: nobody knows its prices. */
  readonly fallbackCost?: Cost | undefined;
  /** How much of a prompt is likely to come from the provider's cache, tokens; asked for a call that is broken off before it was reported. */
  readonly expectCached?: ((promptTokens: number) => number) | undefined;
}

/**
 * Counts what the calls of one move use. Calls that end are counted as reported; one that is broken off at its prompt and what it has
 * streamed. Attempts that a provider turned away before anything came cost nothing.
 */
export interface Meter {
  /** A call is about to be made. `promptTokens` is an estimate. */
  readonly begin: (promptTokens: number) => void;
  /** Every event of the call, in order. */
  readonly take: (event: BackendEvent) => void;
  /** The call threw. */
  readonly fail: (error: unknown) => void;
  /** All calls up to now, the one under way included. */
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
      if (event.type === "retrying") retry(call, event);
      else if (event.type === "done") end(price.whole(call, event.usage));
      else count(call, event, clock.now());
    },
    fail(error) {
      if (call) breakOff(call, error instanceof BackendError ? error.failure : null);
    },
    read: () => (call ? sumUsage(ended, price.broken(call)) : ended),
  };
}

const unknownCost: Cost = () => null;
const nothingCached = () => 0;

/** What a call comes to, with its times, at the prices of whoever is asked now. */
function createPricing(options: MeterOptions) {
  const { clock, expectCached = nothingCached } = options;
  let { cost } = options;
  const timesOf = ({ sentAt, waitingSince, firstTokenMs }: CallCount) => {
    const now = clock.now();
    return {
      firstTokenMs,
      ...positive("queuedMs", (sentAt ?? now) - waitingSince),
      ...positive("modelMs", sentAt === null ? 0 : now - sentAt),
    };
  };
  const priced = (call: CallCount, tokens: TokenUsage, estimated: number): Usage => {
    const { input, cached, output } = tokens;
    const costUsd = cost(tokens);
    return {
      input,
      cached,
      output,
      costUsd,
      ...timesOf(call),
      ...positive("estimated", estimated),
    };
  };
  const free = (call: CallCount): Usage => ({ ...NO_USAGE, ...timesOf(call) });
  const broken = (call: CallCount): Usage => {
    if (call.sentAt === null) return free(call);
    const { tokens, estimated } = brokenOff(call, expectCached);
    return priced(call, tokens, estimated);
  };
  return {
    free,
    broken,
    /** Some servers report nothing, or zeros for what they do not count. */
    whole(call: CallCount, usage: TokenUsage | null): Usage {
      if (usage && usage.input + usage.output > 0) return priced(call, usage, 0);
      return broken({ ...call, sentAt: call.sentAt ?? call.askedAt });
    },
    takeOver: () => void (cost = options.fallbackCost ?? unknownCost),
  };
}

/** What is 0 is left out. */
const positive = (key: "estimated" | "queuedMs" | "modelMs", value: number) =>
  Math.round(value) > 0 ? { [key]: Math.round(value) } : {};
