import { DefaultRestOptions, REST, RequestMethod, RESTEvents, type RESTOptions } from "discord.js";
import { z } from "zod";
import { PlatformError } from "../../../src/platform.ts";
import type { BotSettings } from "../env.ts";
import type { QueuedLimiter, Urgency } from "../../../src/adapter-kit/rate-limit/queued-limiter.ts";
import { isUnauthorized, toPlatformError } from "./errors.ts";

export interface Call {
  readonly method: keyof typeof METHODS;
  /** From `Routes`, without the version. */
  readonly route: `/${string}`;
  /** For errors: "posting a message". */
  readonly what: string;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly files?: readonly { readonly name: string; readonly data: Uint8Array }[];
  /** False where the route contains a token of its own: a 401 then says nothing about the bot's token. */
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

/** A client of Discord's HTTP API with its own queues. */
export interface Api {
  /** Rejects with a `PlatformError`. */
  call<T>(call: Call, answer: z.ZodType<T>): Promise<T>;
}

/** For calls whose result is not read. */
export const NO_ANSWER = z.unknown();

/** Options of every REST client. discord.js may repeat posts, because they carry an enforced nonce. */
export const restOptions = (settings: BotSettings): Partial<RESTOptions> => ({
  api: settings.apiUrl,
  version: settings.apiVersion,
  // Includes the wait for the limiter; a call without a response is aborted after ANSWER_MS.
  timeout: 60_000,
  retries: 2,
  // Discord bans an address after 10,000 invalid requests in 10 minutes: warn early.
  invalidRequestWarningInterval: 500,
  // discord.js counts per client; the shared limiter is what counts.
  globalRequestsPerSecond: Math.max(50, settings.requestsPerSecond),
});

export interface ApisOptions {
  readonly limiter: QueuedLimiter;
  readonly onUnauthorized: () => void;
  readonly onProblem: (problem: unknown) => void;
}

/** One client per kind of call, so that none queues behind another; all share one limiter. */
export function createApis(
  settings: BotSettings,
  { limiter, onUnauthorized, onProblem }: ApisOptions,
) {
  const open = (options: Partial<RESTOptions>, admit: Admit): Api => {
    const makeRequest = withinLimit(limiter, admit);
    const rest = new REST({ ...restOptions(settings), ...options, makeRequest });
    rest.on(RESTEvents.InvalidRequestWarning, ({ count }) =>
      onProblem(new Error(`Discord has refused ${count} requests of the last ten minutes.`)),
    );
    return createApi(rest.setToken(settings.token), onUnauthorized);
  };
  const waiting = (urgency: Urgency): Api => open({}, (signal) => limiter.wait(urgency, signal));
  return {
    /** Waits for rate limits, ahead of everything else. */
    finals: waiting("answer"),
    /** Waits for rate limits, ahead of everything but answers: last edits of statuses. */
    closing: waiting("closing"),
    /** Waits for rate limits. */
    usual: waiting("other"),
    /** Rejects on the rate limit of one channel, so that reads of other channels go on. */
    reading: open({ rejectOnRateLimit: () => true }, (signal) => limiter.wait("other", signal)),
    /** Never waits or retries: edits of a running status, typing. By then their content would be stale. */
    progress: open({ retries: 0, rejectOnRateLimit: () => true }, async () => {
      const retryAfterMs = limiter.take();
      if (retryAfterMs === 0) return;
      const message = "The limit for all requests to Discord is used up.";
      throw new PlatformError("rate_limited", message, { retryAfterMs });
    }),
  };
}

type Admit = (signal: AbortSignal | undefined) => Promise<void>;

/** Discord limits all requests of a bot together, except responses to interactions. The limiter is asked right before sending, after all other waits. */
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

/** How long Discord may take to respond, ms. */
const ANSWER_MS = 15_000;

/** Aborts a call that gets no response; discord.js takes the abort for a lost connection and retries. */
const answerOf: RESTOptions["makeRequest"] = async (url, init) => {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
  return DefaultRestOptions.makeRequest(url, { ...init, signal }).finally(() =>
    clearTimeout(timer),
  );
};

const UNCOUNTED = /\/(?:interactions|webhooks)\//;

/** `onUnauthorized`: Discord refused the bot's token; no call can succeed any more. */
const createApi = (rest: REST, onUnauthorized: (error: unknown) => void): Api => ({
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

/** An empty body is undefined, whatever its content type says. */
async function readBody(response: { text(): Promise<string> }): Promise<unknown> {
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}
