import { DefaultRestOptions, REST, RequestMethod, type RESTOptions } from "discord.js";
import { z } from "zod";
import { PlatformError } from "../../../src/platform.ts";
import type { BotSettings } from "../env.ts";
import type { QueuedLimiter, Urgency } from "../../../src/adapter-kit/rate-limit/queued-limiter.ts";
import { isUnauthorized, toPlatformError } from "./errors.ts";

export interface Call {
  readonly method: keyof typeof METHODS;
  /** From `Routes`: without the version. */
  readonly route: `/${string}`;
  /** What it does, as errors say it: "posting a message". */
  readonly what: string;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly files?: readonly { readonly name: string; readonly data: Uint8Array }[];
  /** False where the token stands in the route: a 401 there says nothing about the bot's. */
  readonly auth?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const METHODS = {
  GET: RequestMethod.Get,
  POST: RequestMethod.Post,
  PATCH: RequestMethod.Patch,
  PUT: RequestMethod.Put,
  DELETE: RequestMethod.Delete,
} as const;

/** One way to Discord's HTTP API, with its own queues. */
export interface Api {
  /** Rejects with a `PlatformError`. */
  call<T>(call: Call, answer: z.ZodType<T>): Promise<T>;
}

/** For calls whose answer does not matter, or that have none. */
export const NO_ANSWER = z.unknown();

/**
 * What every client is made with. A post that is repeated carries an enforced nonce, so the library may repeat it; its own warnings come
 * well before Discord would ban the address (10,000 invalid requests in 10 minutes).
 */
export const restOptions = (settings: BotSettings): Partial<RESTOptions> => ({
  api: settings.apiUrl,
  version: settings.apiVersion,
  // With the wait for room; an answer that does not come is given up earlier.
  timeout: 60_000,
  retries: 2,
  invalidRequestWarningInterval: 500,
  // The library counts each client for itself: what holds is the limiter.
  globalRequestsPerSecond: Math.max(50, settings.requestsPerSecond),
});

/**
 * A client for what must arrive: it waits for rate limits, and answers do not wait for the rest. It is not the connection's own, which
 * forgets the token when it ends.
 */
export const createWaitingRest = (
  settings: BotSettings,
  limiter: QueuedLimiter,
  urgency: Urgency,
): REST =>
  new REST({
    ...restOptions(settings),
    makeRequest: withinLimit(limiter, (signal) => limiter.wait(urgency, signal)),
  }).setToken(settings.token);

/** A client for reads that can wait, but not in a queue: it never waits for a rate limit of one place, which would hold up all others. */
export const createReadingRest = (settings: BotSettings, limiter: QueuedLimiter): REST =>
  new REST({
    ...restOptions(settings),
    rejectOnRateLimit: () => true,
    makeRequest: withinLimit(limiter, (signal) => limiter.wait("other", signal)),
  }).setToken(settings.token);

/**
 * A client for what may be dropped: edits of a status, typing. It never waits for a rate limit, since what it would send by then is
 * stale, and never repeats.
 */
export const createProgressRest = (settings: BotSettings, limiter: QueuedLimiter): REST =>
  new REST({
    ...restOptions(settings),
    retries: 0,
    rejectOnRateLimit: () => true,
    makeRequest: withinLimit(limiter, async () => {
      const retryAfterMs = limiter.take();
      if (retryAfterMs === 0) return;
      const message = "There is no room for it within Discord's limit for all requests.";
      throw new PlatformError("rate_limited", message, { retryAfterMs });
    }),
  }).setToken(settings.token);

type Admit = (signal: AbortSignal | undefined) => Promise<void>;

/** Discord counts all requests of a bot together, but for the answers to interactions. Asked just before sending: after all other waits. */
const withinLimit =
  (limiter: QueuedLimiter, admit: Admit): RESTOptions["makeRequest"] =>
  async (url, init) => {
    if (!UNCOUNTED.test(url)) await admit(init.signal ?? undefined);
    const response = await answerOf(url, init);
    const seconds = Number(response.headers.get("retry-after"));
    if (response.status === 429 && response.headers.has("x-ratelimit-global") && seconds > 0)
      limiter.pause(seconds * 1000);
    return response;
  };

/** How long Discord may take, ms. */
const ANSWER_MS = 15_000;

/** The library takes the abort for a lost connection, and tries again. */
const answerOf: RESTOptions["makeRequest"] = async (url, init) => {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
  return DefaultRestOptions.makeRequest(url, { ...init, signal }).finally(() =>
    clearTimeout(timer),
  );
};

const UNCOUNTED = /\/(?:interactions|webhooks)\//;

/** `onUnauthorized`: the bot's token was refused; nothing will succeed any more. */
export const createApi = (rest: REST, onUnauthorized: (error: unknown) => void): Api => ({
  async call({ route, method, query, what, files, ...call }, answer) {
    try {
      const request = {
        ...call,
        method: METHODS[method],
        fullRoute: route,
        ...(query && { query: new URLSearchParams(toStrings(query)) }),
        ...(files && { files: files.map(({ name, data }) => ({ name, data: Buffer.from(data) })) }),
      };
      return answer.parse(await readBody(await rest.queueRequest(request)));
    } catch (error) {
      if (call.auth !== false && isUnauthorized(error)) onUnauthorized(error);
      throw toPlatformError(error, what);
    }
  },
});

const toStrings = (query: Readonly<Record<string, string | number>>) =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));

/** An empty answer is none, whatever its content type claims. */
async function readBody(response: { text(): Promise<string> }): Promise<unknown> {
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}
