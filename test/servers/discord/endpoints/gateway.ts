import type { Route } from "../rest/call.ts";

const STARTS = 1_000;
const DAY_MS = 24 * 60 * 60_000;

export interface GatewayInfo {
  readonly url: () => string;
  readonly shards: number;
  readonly maxConcurrency: number;
  readonly identifies: () => number;
}

export const gatewayEndpoints = (info: GatewayInfo): readonly Route[] => [
  { pattern: "GET /gateway", needsToken: false, run: () => ({ url: info.url() }) },
  {
    pattern: "GET /gateway/bot",
    run: () => ({
      url: info.url(),
      shards: info.shards,
      session_start_limit: {
        total: STARTS,
        remaining: STARTS - info.identifies(),
        reset_after: DAY_MS,
        max_concurrency: info.maxConcurrency,
      },
    }),
  },
];
