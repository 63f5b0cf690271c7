import type { Backend, BackendRequest, ForcedTools } from "../backend.ts";
import {
  compatibleBody,
  type CompatibleBodyOptions,
  type CompatiblePart,
  compatibleParts,
} from "./request.ts";
import { readCompatibleStream } from "./stream.ts";
import { guardedCall } from "../guarded-call.ts";
import { createThoughtHabit } from "../reply-text/filter-events.ts";
import { createOpenAIClient } from "../openai-sdk/client.ts";
import { sendConceding } from "../openai-sdk/concessions.ts";
import { openAIFailure } from "../openai-sdk/failure.ts";
import type { CallTarget } from "../provider-failure.ts";

export interface CompatibleOptions extends CompatibleBodyOptions {
  /** Includes the version: `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** Undefined if the server needs no key. */
  readonly apiKey: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How errors call the server, and where its key comes from. */
  readonly server?: Pick<CallTarget, "name" | "keyVariables" | "addressNeedsVersion"> | undefined;
  /** Added to each request's address. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** The billing provider's id in the price catalogue. Default: unknown. */
  readonly provider?: string | null | undefined;
  /** Tracks which models support a forced tool choice. */
  readonly forcedTools: ForcedTools;
}

const KIND = "compatible";

/** How servers report an unsupported part. */
const REFUSALS: Readonly<Record<CompatiblePart, RegExp>> = {
  force: /tool[_ ]choice/i,
  usage: /stream_options|include_usage/i,
  images: /image|vision|multi-?modal/i,
  documents: /\b(file|document|pdf)s?\b|file_data/i,
};

/** Any Chat Completions server: Ollama, vLLM, OpenRouter, Grok, DeepSeek, … */
export function createCompatibleBackend(options: CompatibleOptions): Backend {
  const { model, provider = null, forcedTools } = options;
  const target = targetOf(options);
  const habit = createThoughtHabit(false);
  const client = createOpenAIClient(options);
  const refused = new Set<CompatiblePart>();

  function learned(part: CompatiblePart): void {
    if (part === "force") forcedTools.cannotForce(KIND, model);
    // One broken image does not mean that the model cannot read images.
    if (part === "usage") refused.add(part);
  }

  const open = (request: BackendRequest, signal: AbortSignal) =>
    sendConceding(
      compatibleParts(request, forcedTools.mayForce(KIND, model)).filter((p) => !refused.has(p)),
      REFUSALS,
      (sent) =>
        client.chat.completions
          .create(compatibleBody(request, options, sent), { signal })
          .asResponse(),
      learned,
    );

  return {
    kind: KIND,
    model,
    provider,
    ask: (request) =>
      guardedCall(
        request.signal,
        async function* call(signal) {
          yield* readCompatibleStream(await open(request, signal), target);
        },
        (error) => openAIFailure(error, target),
        habit,
      ),
  };
}

const targetOf = ({ model, apiKey, baseUrl, headers, server }: CompatibleOptions): CallTarget => ({
  name: URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl,
  model,
  baseUrl,
  keyVariables: undefined,
  addressNeedsVersion: true,
  ...server,
  secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers ?? {})],
});
