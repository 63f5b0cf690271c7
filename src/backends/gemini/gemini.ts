import { GoogleGenAI } from "@google/genai/web";
import type { Backend, BackendRequest } from "../backend.ts";
import { geminiFailure, isNotFound } from "./failure.ts";
import {
  type GeminiBody,
  geminiBody,
  type GeminiRequestOptions,
  searchExcludesTools,
} from "./request.ts";
import { createGeminiReader } from "./stream.ts";
import { createConcedingBackend } from "../conceding-backend.ts";
import type { Dialect } from "../concessions/dialect.ts";
import type { Ledger } from "../concessions/ledger.ts";
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
  /** What the server does not take. Default: nothing is known. */
  readonly ledger?: Ledger | undefined;
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
  const warn = createSearchWarning(options);
  const backend = createConcedingBackend({
    kind: KIND,
    model: options.model,
    provider: "google",
    dialect: createDialect(options),
    ledger: options.ledger,
    isOwnApi: (options.baseUrl ?? BASE_URL) === BASE_URL,
  });
  return {
    ...backend,
    ask(request) {
      warn(request);
      return backend.ask(request);
    },
  };
}

function createDialect(options: GeminiOptions): Dialect<GeminiBody> {
  const target = targetOf(options);
  const post = createPost(options, target);
  return {
    body: (request, terms) => geminiBody(request, options, terms),
    post: (body, signal, terms) => post(body, { signal, streams: terms.takes("streaming") }),
    reader: () => createGeminiReader(target),
    target,
    classify: (error) => geminiFailure(error, target),
  };
}

interface Sending {
  readonly signal: AbortSignal;
  readonly streams: boolean;
}

/** Posts to v1. For gateways that support only v1beta, switches to it permanently. */
function createPost(options: GeminiOptions, target: CallTarget) {
  const { model, apiKey, apiVersion } = options;
  const canBeBeta = apiVersion === undefined && target.baseUrl !== BASE_URL;
  const client = apiKey === undefined ? null : createClient(options, apiKey);
  let version = apiVersion ?? "v1";

  /** Resolves with the raw response: the SDK makes a `Response` for each chunk, and drops comments. */
  async function send(body: GeminiBody, { signal, streams }: Sending, at: string) {
    if (!client) throw missingKeyError(target);
    let raw = new Response();
    const fetchRaw: typeof fetch = async (input, init) => {
      const response = await providerFetch(input, { ...init, signal });
      if (!response.ok) return response;
      raw = response;
      return new Response(streams ? "" : "{}");
    };
    const { contents, config } = body;
    const httpOptions = { ...config.httpOptions, apiVersion: at, fetch: fetchRaw };
    const parameters = { model, contents, config: { ...config, httpOptions } };
    if (streams) await client.models.generateContentStream(parameters);
    else await client.models.generateContent(parameters);
    return raw;
  }

  return async function post(body: GeminiBody, sending: Sending): Promise<Response> {
    const at = version;
    try {
      return await send(body, sending, at);
    } catch (error) {
      if (!canBeBeta || at === "v1beta" || !isNotFound(error)) throw error;
    }
    const response = await send(body, sending, "v1beta");
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
