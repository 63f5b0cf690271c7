import type { Backend } from "../backend.ts";
import { createConcedingBackend } from "../conceding-backend.ts";
import type { Dialect } from "../concessions/dialect.ts";
import type { Ledger } from "../concessions/ledger.ts";
import { createOpenAIClient } from "../openai-sdk/client.ts";
import { openAIFailure } from "../openai-sdk/failure.ts";
import { openAIBody, type OpenAIBodyOptions } from "./request.ts";
import { createOpenAIReader } from "./stream.ts";
import { type CallTarget, missingKeyError } from "../provider-failure.ts";

export interface OpenAIOptions extends OpenAIBodyOptions {
  /** If undefined, `headers` must authenticate, or every call fails as `auth`. */
  readonly apiKey: string | undefined;
  /** The backend is at another host, which must not receive the environment's key. */
  readonly needsOwnKey?: boolean | undefined;
  /** Default: https://api.openai.com/v1 */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How errors call the server, and where its key comes from. */
  readonly server?: Pick<CallTarget, "name" | "keyVariables" | "addressNeedsVersion"> | undefined;
  /** Added to each request's address. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** What the server does not take. Default: nothing is known. */
  readonly ledger?: Ledger | undefined;
}

const KIND = "openai";
const BASE_URL = "https://api.openai.com/v1";

/** OpenAI's models, or a compatible server at `baseUrl`, through the Responses API. */
export function createOpenAIBackend(options: OpenAIOptions): Backend {
  return createConcedingBackend({
    kind: KIND,
    model: options.model,
    provider: KIND,
    dialect: createDialect(options),
    ledger: options.ledger,
    isOwnApi: (options.baseUrl ?? BASE_URL) === BASE_URL,
  });
}

function createDialect(options: OpenAIOptions): Dialect<object> {
  const { apiKey, baseUrl = BASE_URL, headers, query } = options;
  const target = targetOf(options);
  const client = createOpenAIClient({ baseUrl, apiKey, headers, query });
  return {
    body: (request, terms) => openAIBody(request, options, terms),
    async post(body, signal) {
      if (apiKey === undefined && !authorises(headers)) throw missingKeyError(target);
      return client.post("/responses", { body, signal, stream: true }).asResponse();
    },
    reader: () => createOpenAIReader(target),
    target,
    classify: (error) => openAIFailure(error, target),
  };
}

const authorises = (headers: OpenAIOptions["headers"]): boolean =>
  Object.keys(headers ?? {}).some((name) => /^(authorization|api-key)$/i.test(name));

const targetOf = ({
  model,
  apiKey,
  needsOwnKey,
  baseUrl = BASE_URL,
  headers,
  server,
}: OpenAIOptions): CallTarget => ({
  name: "OpenAI",
  model,
  baseUrl,
  keyVariables: needsOwnKey ? undefined : "OPENAI_API_KEY",
  addressNeedsVersion: true,
  ...server,
  secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers ?? {})],
});
