import { createHash } from "node:crypto";
import type { Time } from "../world/time.ts";
import type { Call, LimitKind } from "./call.ts";
import { sameRoute } from "./router.ts";

/** So many requests per window, for each channel, guild or webhook. */
export interface Bucket {
  readonly limit: number;
  readonly perMs: number;
}

/** Discord documents no numbers, only headers; these are the ones that libraries have recorded. */
const BUCKETS: Readonly<Record<string, Bucket>> = {
  "POST /channels/:id/messages": { limit: 5, perMs: 5_000 },
  "PATCH /channels/:id/messages/:id": { limit: 5, perMs: 5_000 },
  "DELETE /channels/:id/messages/:id": { limit: 5, perMs: 1_000 },
  "GET /channels/:id/messages": { limit: 10, perMs: 1_000 },
  "POST /channels/:id/typing": { limit: 5, perMs: 5_000 },
  "PUT /channels/:id/messages/:id/reactions/:emoji/@me": { limit: 1, perMs: 250 },
  "DELETE /channels/:id/messages/:id/reactions/:emoji/@me": { limit: 1, perMs: 250 },
  "PATCH /channels/:id": { limit: 5, perMs: 15_000 },
  "POST /channels/:id/messages/:id/threads": { limit: 50, perMs: 300_000 },
  "POST /webhooks/:id/:token": { limit: 5, perMs: 2_000 },
  "PATCH /webhooks/:id/:token/messages/:id": { limit: 5, perMs: 2_000 },
};
const ANY: Bucket = { limit: 50, perMs: 1_000 };

export interface LimitOptions {
  /** Overrides by route, such as `"PATCH /channels/:id/messages/:id"`. */
  readonly buckets?: Readonly<Record<string, Bucket>>;
  /** Requests per second over all routes but interactions. */
  readonly globalPerSecond?: number;
  /** Answers of 401, 403 and 429 in ten minutes before the address is shut out. */
  readonly invalidRequests?: number;
}

export type Scope = "user" | "global" | "shared";

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Set: the request is refused. */
  readonly refused?: { readonly retryAfterMs: number; readonly scope: Scope };
}

export interface Limits {
  take(call: Call, kind: LimitKind): Verdict;
  /** Remembers an answer; 401, 403 and 429 count unless the limit was shared. */
  answered(status: number, scope: Scope | undefined): void;
  /** Milliseconds until a shut-out client may come back; undefined: it is welcome. */
  shutOutFor(): number | undefined;
  invalidRequests(): number;
}

interface Window {
  used: number;
  endsAt: number;
}

const INVALID_WINDOW_MS = 600_000;
const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

export function createLimits(time: Time, options: LimitOptions): Limits {
  const { globalPerSecond = 50, invalidRequests = 10_000 } = options;
  const buckets = new Map(
    Object.entries({ ...BUCKETS, ...options.buckets }).map(([route, bucket]) => [
      sameRoute(route),
      bucket,
    ]),
  );
  const windows = new Map<string, Window>();
  const invalid: number[] = [];
  const takeFrom = (key: string, { limit, perMs }: Bucket): Window & { refused: boolean } => {
    const known = windows.get(key);
    const isOpen = known !== undefined && known.endsAt > time.now();
    const window = isOpen ? known : { used: 0, endsAt: time.now() + perMs };
    windows.set(key, window);
    const refused = window.used >= limit;
    if (!refused) window.used++;
    return { ...window, refused };
  };
  const recentInvalid = () => {
    const since = time.now() - INVALID_WINDOW_MS;
    while ((invalid[0] ?? Infinity) <= since) invalid.shift();
    return invalid.length;
  };
  return {
    take(call, kind) {
      if (kind === "none") return { headers: {} };
      const whole = kind === "all" && takeFrom("global", { limit: globalPerSecond, perMs: 1_000 });
      if (whole && whole.refused) return refuse(whole.endsAt - time.now(), "global", {});
      const route = sameRoute(call.route);
      const bucket = buckets.get(route) ?? ANY;
      const hash = createHash("md5").update(route).digest("hex");
      const window = takeFrom(`${hash}:${majorOf(call)}`, bucket);
      const left = window.endsAt - time.now();
      const headers = {
        "x-ratelimit-limit": String(bucket.limit),
        "x-ratelimit-remaining": String(bucket.limit - window.used),
        "x-ratelimit-reset": seconds(Date.now() + time.forClient(left)),
        "x-ratelimit-reset-after": seconds(time.forClient(left)),
        "x-ratelimit-bucket": hash,
      };
      return window.refused ? refuse(left, "user", headers) : { headers };
    },
    answered(status, scope) {
      const counts = [401, 403].includes(status) || (status === 429 && scope !== "shared");
      if (counts) invalid.push(time.now());
    },
    shutOutFor() {
      const [oldest] = invalid;
      if (recentInvalid() < invalidRequests || oldest === undefined) return undefined;
      return oldest + INVALID_WINDOW_MS - time.now();
    },
    invalidRequests: recentInvalid,
  };
}

const refuse = (
  retryAfterMs: number,
  scope: Scope,
  headers: Readonly<Record<string, string>>,
): Verdict => ({ headers, refused: { retryAfterMs, scope } });

/** Buckets are kept per channel, guild, or webhook with its token. */
const majorOf = ({ params }: Call): string =>
  params["channel"] ?? params["guild"] ?? `${params["webhook"] ?? ""}/${params["token"] ?? ""}`;

/** Header of a 429: whole seconds of the server's time. */
export const retryAfterHeader = (time: Time, ms: number): string =>
  String(time.forClient(Math.max(1, Math.ceil(ms / 1_000)) * 1_000) / 1_000);
