/** What a model's tokenizer makes of our estimates, learned from the usage it reports. Lives as long as the process. */
export interface Calibration {
  /** Real tokens per estimated one; 1 until something is learned. */
  factor(model: string): number;
  /** A call whose prompt was estimated (uncalibrated) at `estimated` tokens was billed `actual` tokens in. */
  learn(model: string, estimated: number, actual: number): void;
  /** The most (calibrated) tokens a prompt may have, after overflows; Infinity if there were none. */
  limit(model: string): number;
  /** A prompt of `tokens` (calibrated) was too long for the model: from now on it gets half of that. */
  overflowed(model: string, tokens: number): void;
  /** Of a prompt of `prefix`, the provider reported so many tokens as cached. Times in ms, only differences mean something. */
  cached(prefix: string, tokens: number, at: number): void;
  /** How much of a prompt that begins the same way is likely to be cached, tokens: as much as last time, while caches last. */
  expectCached(prefix: string, promptTokens: number, at: number): number;
}

// The median of a few samples: one call that a web search made longer says nothing about the tokenizer.
const SAMPLES = 9;
const LEAST = 0.5;
const MOST = 3;
// Below this, what providers add on their own outweighs the text.
const LEAST_PROMPT = 200;
const LEAST_LIMIT = 1000;
// How long providers keep a prompt at least (OpenAI 5–10 minutes, Anthropic 5), ms.
const CACHE_MS = 5 * 60_000;
const MOST_PREFIXES = 2_000;

export function createCalibration(): Calibration {
  const ratios = new Map<string, readonly number[]>();
  const factors = new Map<string, number>();
  const limits = new Map<string, number>();
  const caches = new Map<string, { readonly tokens: number; readonly at: number }>();
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
    overflowed(model, tokens) {
      const half = Math.max(LEAST_LIMIT, Math.floor(tokens / 2));
      limits.set(model, Math.min(half, limits.get(model) ?? Infinity));
    },
    cached(prefix, tokens, at) {
      caches.delete(prefix);
      caches.set(prefix, { tokens, at });
      const [oldest] = caches.keys();
      if (caches.size > MOST_PREFIXES && oldest !== undefined) caches.delete(oldest);
    },
    expectCached(prefix, promptTokens, at) {
      const last = caches.get(prefix);
      return last && at - last.at < CACHE_MS ? Math.min(promptTokens, last.tokens) : 0;
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 1;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
