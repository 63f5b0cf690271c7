import type { Clock } from "../../../../src/clock.ts";

/** Calls a minute of one method in one workspace, by Slack's tiers. */
const PER_MINUTE = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
export type Tier = keyof typeof PER_MINUTE | "post" | "special";

export interface RateLimitOptions {
  readonly clock: Clock;
  /** `off`: nothing is limited. */
  readonly tiers: "on" | "off";
  /** Multiplies what each minute allows. */
  readonly scale: number;
  /** Calls a minute of single methods, instead of their tiers'. */
  readonly perMinute: Readonly<Record<string, number>>;
  /** `few`: the limits of 2025 for apps sold outside the Marketplace, one request a minute for 15 messages. */
  readonly history: "plenty" | "few";
  /** Posts of one channel: one a second, and so many at once after a quiet time. */
  readonly postBurst: number;
  /** Posts of a workspace, a minute: "several hundred". */
  readonly postsPerMinute: number;
}

export interface Asked {
  readonly method: string;
  readonly tier: Tier;
  readonly workspace: string;
  readonly channel: string | undefined;
}

const WINDOW_MS = 60_000;
const HISTORY = /^conversations\.(history|replies)$/;

/** Says how long a call must wait, in whole seconds; 0: it may go. */
export function createRateLimits(options: RateLimitOptions): (asked: Asked) => number {
  const { clock, scale } = options;
  const windows = new Map<string, { start: number; calls: number }>();
  const buckets = new Map<string, { tokens: number; at: number }>();

  const inWindow = (key: string, limit: number): number => {
    const now = clock.now();
    const known = windows.get(key);
    const window = known && now - known.start < WINDOW_MS ? known : { start: now, calls: 0 };
    windows.set(key, window);
    if (window.calls >= limit)
      return Math.max(1, Math.ceil((window.start + WINDOW_MS - now) / 1000));
    window.calls++;
    return 0;
  };

  const inBucket = (key: string): number => {
    const now = clock.now();
    const bucket = buckets.get(key) ?? { tokens: options.postBurst * scale, at: now };
    const refilled = bucket.tokens + ((now - bucket.at) / 1000) * scale;
    const tokens = Math.min(options.postBurst * scale, refilled);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / scale));
  };

  return ({ method, tier, workspace, channel }) => {
    if (options.tiers === "off") return 0;
    const key = `${method}:${workspace}`;
    const own = options.perMinute[method];
    if (own !== undefined) return inWindow(key, own);
    if (options.history === "few" && HISTORY.test(method)) return inWindow(key, 1);
    if (tier === "special") return 0;
    if (tier !== "post") return inWindow(key, PER_MINUTE[tier] * scale);
    return inBucket(`${key}:${channel}`) || inWindow(key, options.postsPerMinute * scale);
  };
}
