import Anthropic from "@anthropic-ai/sdk";
import { anthropicFailure, refusesForcedTools } from "./failure.ts";
import { type AnthropicBodyOptions, anthropicBody } from "./request.ts";
import { readAnthropicStream } from "./stream.ts";
import type { Backend, BackendRequest, ForcedTools } from "../backend.ts";
import { guardedCall } from "../guarded-call.ts";
import { createThoughtHabit } from "../reply-text/filter-events.ts";
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
  readonly forcedTools: ForcedTools;
}

const KIND = "anthropic";
const BASE_URL = "https://api.anthropic.com";
/** The resilience layer handles timeouts; the SDK cannot disable its own. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** Claude, or a compatible server at `baseUrl`, through the Messages API. */
export function createAnthropicBackend(options: AnthropicOptions): Backend {
  const { model, forcedTools } = options;
  const target = targetOf(options);
  const habit = createThoughtHabit(target.baseUrl === BASE_URL);
  const post = createPost(options, target);

  /** Sends the request. Retries without the forced tool choice if the model rejects it. */
  async function open(request: BackendRequest, signal: AbortSignal): Promise<Response> {
    const forced =
      request.toolChoice === "required" &&
      request.tools.length > 0 &&
      forcedTools.mayForce(KIND, model);
    try {
      return await post(request, forced, signal);
    } catch (error) {
      if (!forced || !refusesForcedTools(error)) throw error;
      forcedTools.cannotForce(KIND, model);
      return post(request, false, signal);
    }
  }

  return {
    kind: KIND,
    model,
    provider: "anthropic",
    ask: (request) =>
      guardedCall(
        request.signal,
        async function* call(signal) {
          yield* readAnthropicStream(await open(request, signal), target);
        },
        (error) => anthropicFailure(error, target),
        habit,
      ),
  };
}

type Post = (request: BackendRequest, forced: boolean, signal: AbortSignal) => Promise<Response>;

/** Sends a request with API version 2026-10-21 and a bearer token. Older gateways answer 401; for them, switches permanently to the 2023 form. */
function createPost(options: AnthropicOptions, target: CallTarget): Post {
  let legacy = false;
  const client = createClient(options);
  const canBeLegacy = options.apiKey !== undefined && target.baseUrl !== BASE_URL;

  function send(request: BackendRequest, forced: boolean, signal: AbortSignal, plain: boolean) {
    const body = anthropicBody(request, options, { forced, plain });
    const headers = plain ? legacyHeaders(options) : {};
    // Not `messages.create`, because it writes deprecation warnings to the console.
    return client.post("/v1/messages", { body, headers, signal, stream: true }).asResponse();
  }

  return async function post(request, forced, signal) {
    if (options.apiKey === undefined && !authorises(options.headers)) throw missingKeyError(target);
    if (legacy) return send(request, forced, signal, true);
    try {
      return await send(request, forced, signal, false);
    } catch (error) {
      const unauthorised = error instanceof Anthropic.APIError && error.status === 401;
      if (!unauthorised || !canBeLegacy) throw error;
    }
    const response = await send(request, forced, signal, true);
    legacy = true;
    return response;
  };
}

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
