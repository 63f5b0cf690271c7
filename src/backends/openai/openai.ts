import type { Backend, BackendRequest, ForcedTools } from "../backend.ts";
import { guardedCall } from "../guarded-call.ts";
import { createThoughtHabit } from "../reply-text/filter-events.ts";
import { createOpenAIClient } from "../openai-sdk/client.ts";
import { sendConceding } from "../openai-sdk/concessions.ts";
import { openAIFailure } from "../openai-sdk/failure.ts";
import { openAIBody, type OpenAIBodyOptions, type OpenAIPart, openAIParts } from "./request.ts";
import { readOpenAIStream } from "./stream.ts";
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
  /** Tracks which models support a forced tool choice. */
  readonly forcedTools: ForcedTools;
}

const KIND = "openai";
const BASE_URL = "https://api.openai.com/v1";

/** How models report an unsupported part. */
const REFUSALS: Readonly<Record<OpenAIPart, RegExp>> = {
  force: /tool_choice|forces tool use/i,
  summary:
    /reasoning\.summary|reasoning summar|\breasoning\b.*not supported|Unsupported.*reasoning/i,
  images: /image/i,
  documents: /input_file|file_data|\b(file|document|pdf)s?\b/i,
};

/** OpenAI's models, or a compatible server at `baseUrl`, through the Responses API. */
export function createOpenAIBackend(options: OpenAIOptions): Backend {
  const { model, apiKey, baseUrl = BASE_URL, headers, query, forcedTools } = options;
  const target = targetOf(options);
  const habit = createThoughtHabit(target.baseUrl === BASE_URL);
  const client = createOpenAIClient({ baseUrl, apiKey, headers, query });
  const refused = new Set<OpenAIPart>();

  function learned(part: OpenAIPart): void {
    if (part === "force") forcedTools.cannotForce(KIND, model);
    // One broken image does not mean that the model cannot read images.
    if (part === "summary") refused.add(part);
  }

  async function open(request: BackendRequest, signal: AbortSignal) {
    if (apiKey === undefined && !authorises(headers)) throw missingKeyError(target);
    const parts = openAIParts(request, options, forcedTools.mayForce(KIND, model));
    return sendConceding(
      parts.filter((part) => !refused.has(part)),
      REFUSALS,
      (sent) =>
        client.responses.create(openAIBody(request, options, sent), { signal }).asResponse(),
      learned,
    );
  }

  return {
    kind: KIND,
    model,
    provider: KIND,
    ask: (request) =>
      guardedCall(
        request.signal,
        async function* call(signal) {
          yield* readOpenAIStream(await open(request, signal), target);
        },
        (error) => openAIFailure(error, target),
        habit,
      ),
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
