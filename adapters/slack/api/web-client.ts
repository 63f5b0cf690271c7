import { type Logger, LogLevel, webApi } from "@slack/bolt";
import type { z } from "zod";
import { createRepeatFilter } from "../../../src/repeat-filter.ts";

/** How long a call may take, ms. The delivery then checks whether it had an effect. */
const TIMEOUT_MS = 10_000;

/**
 * What every `WebClient` of this adapter is made with. Never `headers` (they are shared by reference, with the first workspace's token in
 * them), always a `retryConfig`: the library repeats whatever fails, posts that arrived and methods that do not exist included.
 */
export const webClientOptions = (apiUrl: string): webApi.WebClientOptions => ({
  slackApiUrl: apiUrl,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: TIMEOUT_MS,
  logger: createQuietLogger(),
});

export interface SingleCall<T> {
  readonly apiUrl: string;
  readonly token: string | undefined;
  readonly method: string;
  readonly args?: Record<string, unknown>;
  readonly answer: z.ZodType<T>;
}

/** Calls a method once, outside the clients of a workspace. Rejects with the library's own errors. */
export const callOnce = async <T>(call: SingleCall<T>): Promise<T> => {
  const client = new webApi.WebClient(call.token, webClientOptions(call.apiUrl));
  return call.answer.parse(await client.apiCall(call.method, call.args));
};

/** Bolt logs through this: its warnings and errors go to `onWarning`, each text at most once a minute; the rest is dropped. */
export function createQuietLogger(onWarning: (text: string) => void = () => {}): Logger {
  const repeated = createRepeatFilter({ periodMs: 60_000, max: 100, now: Date.now });
  const warn = (...parts: unknown[]): void => {
    const text = parts.map(String).join(" ").slice(0, 500);
    if (repeated(text) !== undefined) onWarning(text);
  };
  return {
    debug() {},
    info() {},
    warn,
    error: warn,
    setLevel() {},
    getLevel: () => LogLevel.ERROR,
    setName() {},
  };
}
