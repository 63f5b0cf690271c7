/** What a provider said about a prompt that was too long, in its own tokens. */
export interface Overflow {
  /** The model's window. */
  readonly window?: number | undefined;
  /** The size of the prompt. */
  readonly prompt?: number | undefined;
  /** Tokens of the window that the reply needs. */
  readonly reserved: number;
}

/** Tokens of a prompt that came from the provider's cache, and that it holds since. */
export interface CachedTokens {
  readonly read: number;
  readonly kept: number;
}

/** Corrects token estimates per model, learning from reported usage. Kept in memory only. */
export interface Calibration {
  /** Actual tokens per estimated token; 1 without data. */
  factor(model: string): number;
  /** Records that a prompt with an uncalibrated estimate of `estimated` tokens was billed as `actual` tokens. */
  learn(model: string, estimated: number, actual: number): void;
  /** The maximum prompt size (calibrated tokens) after overflows; Infinity without any. */
  limit(model: string): number;
  /** Records that a prompt of `tokens` (calibrated) was too long. `told`: what the provider said; without it, halves the maximum. */
  overflowed(model: string, tokens: number, told?: Overflow): void;
  /** Records what the provider reported for a prompt with `prefix`. Times in ms; only differences matter. */
  cached(prefix: string, tokens: CachedTokens, at: number): void;
  /** The expected number of cached tokens for a prompt with this prefix: the last reported one, for `lifeMs`. */
  expectCached(prefix: string, promptTokens: number, at: number, lifeMs: number): number;
  /** The last prompt with this prefix; null: none is known. */
  lastCached(prefix: string, at: number): { readonly idleMs: number; readonly kept: number } | null;
}

// Use the median of a few samples, because a web search inflates single calls.
const SAMPLES = 9;
const LEAST = 0.5;
const MOST = 3;
// Below this, tokens that providers add outweigh the text.
const LEAST_PROMPT = 200;
const LEAST_LIMIT = 1000;
const MOST_PREFIXES = 2_000;

export function createCalibration(): Calibration {
  const ratios = new Map<string, readonly number[]>();
  const factors = new Map<string, number>();
  const limits = new Map<string, number>();
  const caches = new Map<string, CachedTokens & { readonly at: number }>();
  return {
    factor: (model) => factors.get(model) ?? 1,
    learn(model, estimated, actual) {
      if (!(estimated >= LEAST_PROMPT && actual > 0)) return;
      const ratio = Math.min(MOST, Math.max(LEAST, actual / estimated));
      const recent = [...(ratios.get(model) ?? []), ratio].slice(-SAMPLES);
      ratios.set(model, recent);
      factors.set(model, median(recent));
    },
    limit: (model) => limits.get(model) ?? Infinity,
    overflowed(model, tokens, told) {
      const limit = Math.max(LEAST_LIMIT, limitAfter(tokens, told));
      limits.set(model, Math.min(limit, limits.get(model) ?? Infinity));
    },
    cached(prefix, tokens, at) {
      caches.delete(prefix);
      caches.set(prefix, { ...tokens, at });
      const [oldest] = caches.keys();
      if (caches.size > MOST_PREFIXES && oldest !== undefined) caches.delete(oldest);
    },
    expectCached(prefix, promptTokens, at, lifeMs) {
      const last = caches.get(prefix);
      return last && at - last.at < lifeMs ? Math.min(promptTokens, last.read) : 0;
    },
    lastCached(prefix, at) {
      const last = caches.get(prefix);
      return last ? { idleMs: at - last.at, kept: last.kept } : null;
    },
  };
}

/** Of the window that the provider names, what the reply does not need, in tokens as estimated; else half of what was too long. */
function limitAfter(tokens: number, told: Overflow | undefined): number {
  const half = Math.floor(tokens / 2);
  if (told?.window === undefined) return half;
  const free = told.window * WINDOW_SHARE - Math.min(told.reserved, told.window / 2);
  const limit = Math.floor((free * tokens) / Math.max(told.prompt ?? tokens, tokens));
  // The provider counted otherwise than it said.
  return limit < tokens * WINDOW_SHARE && limit > 0 ? limit : half;
}

// Leaves room for errors of the estimate.
const WINDOW_SHARE = 0.9;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 1;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
