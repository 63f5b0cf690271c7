import { GoogleGenAI } from "@google/genai/web";
import type { Backend, BackendRequest, ForcedTools } from "../backend.ts";
import { geminiFailure, isNotFound, refusesForcedCalls } from "./failure.ts";
import {
  geminiConfig,
  geminiContents,
  type GeminiRequestOptions,
  searchExcludesTools,
} from "./request.ts";
import { readGeminiStream } from "./stream.ts";
import { guardedCall } from "../guarded-call.ts";
import { createThoughtHabit } from "../reply-text/filter-events.ts";
import { type CallTarget, missingKeyError } from "../provider-failure.ts";
import { providerFetch } from "../provider-fetch.ts";

export interface GeminiOptions extends GeminiRequestOptions {
  readonly apiKey: string | undefined;
  /** The backend is at another host, which must not receive the environment's key. */
  readonly needsOwnKey?: boolean | undefined;
  /** Default: https://generativelanguage.googleapis.com */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: v1. At another base URL, falls back to v1beta if v1 is not found. */
  readonly apiVersion?: string | undefined;
  readonly forcedTools: ForcedTools;
  /** Called once when a setting has no effect. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

const KIND = "gemini";
const BASE_URL = "https://generativelanguage.googleapis.com";

/**
 * Gemini through `streamGenerateContent`. Models before Gemini 3 cannot combine web search with functions, so such requests omit the search and
 * call `onWarning`.
 */
export function createGeminiBackend(options: GeminiOptions): Backend {
  const { model, forcedTools } = options;
  const target = targetOf(options);
  const habit = createThoughtHabit(target.baseUrl === BASE_URL);
  const stream = createStream(options, target);
  const warn = createSearchWarning(options);

  /** Opens the stream. Retries without the forced tool choice if the model rejects it. */
  async function open(request: BackendRequest, signal: AbortSignal) {
    warn(request);
    const forced =
      request.toolChoice === "required" &&
      request.tools.length > 0 &&
      forcedTools.mayForce(KIND, model);
    try {
      return await stream(request, forced, signal);
    } catch (error) {
      if (!forced || !refusesForcedCalls(error)) throw error;
      forcedTools.cannotForce(KIND, model);
      return stream(request, false, signal);
    }
  }

  return {
    kind: KIND,
    model,
    provider: "google",
    ask: (request) =>
      guardedCall(
        request.signal,
        async function* call(signal) {
          yield* readGeminiStream(await open(request, signal), target);
        },
        (error) => geminiFailure(error, target),
        habit,
      ),
  };
}

type OpenStream = (
  request: BackendRequest,
  forced: boolean,
  signal: AbortSignal,
) => Promise<Response>;

/** Opens streams at v1. For gateways that support only v1beta, switches to it permanently. */
function createStream(options: GeminiOptions, target: CallTarget): OpenStream {
  const { model, apiKey, apiVersion } = options;
  const canBeBeta = apiVersion === undefined && target.baseUrl !== BASE_URL;
  const client = apiKey === undefined ? null : createClient(options, apiKey);
  let version = apiVersion ?? "v1";

  /** Resolves with the raw response: the SDK makes a `Response` for each chunk, and drops comments. */
  async function send(request: BackendRequest, forced: boolean, signal: AbortSignal, at: string) {
    if (!client) throw missingKeyError(target);
    const config = geminiConfig(request, options, forced);
    let raw = new Response();
    const fetchRaw: typeof fetch = async (input, init) => {
      const response = await providerFetch(input, { ...init, signal });
      if (!response.ok) return response;
      raw = response;
      return new Response("");
    };
    await client.models.generateContentStream({
      model,
      contents: geminiContents(request),
      config: {
        ...config,
        httpOptions: { ...config.httpOptions, apiVersion: at, fetch: fetchRaw },
      },
    });
    return raw;
  }

  return async function stream(request, forced, signal) {
    const at = version;
    try {
      return await send(request, forced, signal, at);
    } catch (error) {
      if (!canBeBeta || at === "v1beta" || !isNotFound(error)) throw error;
    }
    const response = await send(request, forced, signal, "v1beta");
    version = "v1beta";
    return response;
  };
}

/** Uses the SDK's web build, because the Node build reads the environment, writes to the console and loads Google Cloud's login. */
const createClient = ({ baseUrl = BASE_URL, headers }: GeminiOptions, apiKey: string) =>
  new GoogleGenAI({
    apiKey,
    httpOptions: { baseUrl, headers: { ...headers } },
  });

function createSearchWarning(options: GeminiOptions): (request: BackendRequest) => void {
  let warned = false;
  return ({ tools }) => {
    if (warned || !searchExcludesTools(options, tools)) return;
    warned = true;
    options.onWarning?.(
      `${options.model} cannot search the web in a request that has functions: web_search has no effect there. Use a Gemini 3 model or drop web_search.`,
    );
  };
}

const targetOf = ({
  apiKey,
  needsOwnKey,
  model,
  baseUrl = BASE_URL,
  headers,
}: GeminiOptions): CallTarget => ({
  name: "Gemini",
  model,
  baseUrl: baseUrl.replace(/\/$/, ""),
  keyVariables: needsOwnKey ? undefined : "GEMINI_API_KEY or GOOGLE_API_KEY",
  secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers ?? {})],
});
