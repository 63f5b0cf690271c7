import type { TokenUsage } from "../backends/backend.ts";
import { type CacheLife, LIFE_MS } from "../coordination/cache-life.ts";

/** What the cache held of a prompt before its call. */
export interface CacheBefore {
  /** Since the last call with the same beginning, ms; null: there was none. */
  readonly idleMs: number | null;
  /** Tokens that the last call read from the cache or wrote to it. */
  readonly kept: number;
}

/** Writes whose life the provider did not report have the life that it was asked for. */
export const withLife = (tokens: TokenUsage, life: CacheLife): TokenUsage =>
  life === "1h" && tokens.cacheWrittenLong === undefined
    ? { ...tokens, cacheWrittenLong: tokens.cacheWritten }
    : tokens;

/** The tokens of the same call if this call and the last one had asked for the other life. Pure. */
export function withOtherLife(
  tokens: TokenUsage,
  life: CacheLife,
  { idleMs, kept }: CacheBefore,
): TokenUsage {
  const { input, cached, cacheWritten } = tokens;
  const isBilled = cacheWritten > 0;
  const most = isBilled ? cached + cacheWritten : input;
  const other: CacheLife = life === "1h" ? "5m" : "1h";
  const isHeld = idleMs !== null && idleMs <= LIFE_MS[other];
  const held = isHeld ? Math.min(most, Math.max(cached, kept)) : 0;
  // Within the shorter life, both hold the same.
  const read = idleMs === null || idleMs <= LIFE_MS["5m"] ? cached : held;
  const written = isBilled ? most - read : 0;
  return {
    ...tokens,
    cached: read,
    cacheWritten: written,
    cacheWrittenLong: other === "1h" ? written : 0,
  };
}
