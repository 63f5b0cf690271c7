import Anthropic from "@anthropic-ai/sdk";
import { anthropicFailure } from "./failure.ts";
import { type AnthropicBodyOptions, anthropicBody } from "./request.ts";
import { createAnthropicReader } from "./stream.ts";
import type { Backend } from "../backend.ts";
import { createConcedingBackend } from "../conceding-backend.ts";
import type { Dialect } from "../concessions/dialect.ts";
import { dropFields } from "../concessions/fields.ts";
import type { Ledger } from "../concessions/ledger.ts";
import { type CallTarget, missingKeyError } from "../provider-failure.ts";
import { providerFetch } from "../provider-fetch.ts";

export interface AnthropicOptions extends AnthropicBodyOptions {
  /** If undefined, `headers` must authenticate, or every call fails as `auth`. */
  readonly apiKey: string | undefined;
  /** The backend is at another host, which must not receive the environment's key. */
  readonly needsOwnKey?: boolean | undefined;
  /** Default: https://api.anthropic.com */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What the server does not take. Default: nothing is known. */
  readonly ledger?: Ledger | undefined;
}

const KIND = "anthropic";
const BASE_URL = "https://api.anthropic.com";
/** The resilience layer handles timeouts; the SDK cannot disable its own. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** Claude, or a compatible server at `baseUrl`, through the Messages API. */
export function createAnthropicBackend(options: AnthropicOptions): Backend {
  return createConcedingBackend({
    kind: KIND,
    model: options.model,
    provider: "anthropic",
    dialect: createDialect(options),
    ledger: options.ledger,
    isOwnApi: (options.baseUrl ?? BASE_URL) === BASE_URL,
  });
}

/** Sends requests with API version 2026-10-21 and a bearer token. Older gateways answer 401; for them, switches permanently to the 2023 form. */
function createDialect(options: AnthropicOptions): Dialect<object> {
  const target = targetOf(options);
  const client = createClient(options);
  const canBeLegacy = options.apiKey !== undefined && target.baseUrl !== BASE_URL;
  let isLegacy = false;

  function send(body: object, signal: AbortSignal, legacy: boolean): Promise<Response> {
    const headers = legacy ? legacyHeaders(options) : {};
    if (legacy) dropFields(body, FIELDS_SINCE_2023);
    // Not `messages.create`, because it writes deprecation warnings to the console.
    return client.post("/v1/messages", { body, headers, signal, stream: true }).asResponse();
  }

  return {
    body: (request, terms) => anthropicBody(request, options, terms),
    async post(body, signal) {
      if (options.apiKey === undefined && !authorises(options.headers)) {
        throw missingKeyError(target);
      }
      if (isLegacy) return send(body, signal, true);
      try {
        return await send(body, signal, false);
      } catch (error) {
        const unauthorised = error instanceof Anthropic.APIError && error.status === 401;
        if (!unauthorised || !canBeLegacy) throw error;
      }
      const response = await send(body, signal, true);
      isLegacy = true;
      return response;
    },
    reader: () => createAnthropicReader(target),
    target,
    classify: (error) => anthropicFailure(error, target),
  };
}

/** Gateways that know only the 2023 version reject these. */
const FIELDS_SINCE_2023 = ["tools.*.eager_input_streaming"];

const createClient = ({ apiKey, baseUrl = BASE_URL, headers }: AnthropicOptions): Anthropic =>
  new Anthropic({
    // Without a key, the SDK would look for a login on this machine.
    apiKey: apiKey ?? "none",
    baseURL: baseUrl,
    defaultHeaders: { ...(apiKey === undefined && { authorization: null }), ...headers },
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: "off",
    openTelemetry: false,
    fetch: providerFetch,
  });

const legacyHeaders = ({ apiKey, headers }: AnthropicOptions) => ({
  authorization: null,
  "x-api-key": apiKey,
  "anthropic-version": "2023-06-01",
  ...headers,
});

const authorises = (headers: AnthropicOptions["headers"]): boolean =>
  Object.keys(headers ?? {}).some((name) => /^(authorization|x-api-key)$/i.test(name));

const targetOf = ({
  apiKey,
  needsOwnKey,
  model,
  baseUrl = BASE_URL,
  headers,
}: AnthropicOptions): CallTarget => ({
  name: "Anthropic",
  model,
  baseUrl: baseUrl.replace(/\/$/, ""),
  keyVariables: needsOwnKey ? undefined : "ANTHROPIC_API_KEY",
  secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers ?? {})],
});
