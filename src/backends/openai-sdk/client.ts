import { OpenAI } from "openai";
import { fetchShowingComments } from "../sse-comments.ts";

/** Where a server is and what lets us in. */
export interface OpenAIServer {
  readonly baseUrl: string;
  /** Undefined: the request goes without one. */
  readonly apiKey: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The longest that a timer takes: how long a call may take is decided around the backend. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** The SDK without its retries, its logs and what it would read from the environment. */
export const createOpenAIClient = ({ baseUrl, apiKey, headers }: OpenAIServer): OpenAI =>
  new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    defaultHeaders: { ...(apiKey === undefined && { authorization: null }), ...headers },
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: "off",
    fetch: fetchShowingComments,
  });
