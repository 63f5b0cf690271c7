import { REST, RequestMethod, type RESTOptions } from "discord.js";
import { z } from "zod";
import type { BotSettings } from "../env.ts";
import { isUnauthorized, toPlatformError } from "./discord-failure.ts";

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
export const restOptions = ({
  apiUrl,
  apiVersion,
  processes,
}: BotSettings): Partial<RESTOptions> => ({
  api: apiUrl,
  version: apiVersion,
  timeout: 15_000,
  retries: 2,
  invalidRequestWarningInterval: 500,
  // With the progress client's 18 less than Discord's 50 for the whole bot: the seconds of the three do not begin together.
  globalRequestsPerSecond: partOf(27, processes),
});

/** One process's part of what Discord takes of the whole bot in a second. */
const partOf = (requests: number, processes: number): number =>
  Math.max(1, Math.floor(requests / processes));

/** A client for what must arrive: it waits for rate limits. It is not the connection's own, which forgets the token when it ends. */
export const createWaitingRest = (settings: BotSettings): REST =>
  new REST(restOptions(settings)).setToken(settings.token);

/**
 * A client for what may be dropped: edits of a status, typing. It never waits for a rate limit, since what it would send by then is
 * stale, and never repeats.
 */
export function createProgressRest(settings: BotSettings): REST {
  const perSecond = partOf(18, settings.processes);
  const options = { retries: 0, globalRequestsPerSecond: perSecond, rejectOnRateLimit: () => true };
  return new REST({ ...restOptions(settings), ...options }).setToken(settings.token);
}

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
