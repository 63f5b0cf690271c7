import { OpenAI } from "openai";
import { providerFetch } from "../provider-fetch.ts";

/** A server's address and credentials. */
export interface OpenAIServer {
  readonly baseUrl: string;
  /** Undefined sends no key. */
  readonly apiKey: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Added to each request's address, such as Azure's `api-version`. */
  readonly query?: Readonly<Record<string, string>> | undefined;
}

/** The longest possible timer, because the resilience layer handles timeouts. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** The SDK without retries, logs and environment variables. */
export const createOpenAIClient = ({ baseUrl, apiKey, headers, query }: OpenAIServer): OpenAI =>
  new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    defaultHeaders: { ...(apiKey === undefined && { authorization: null }), ...headers },
    defaultQuery: query,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: "off",
    fetch: providerFetch,
  });
