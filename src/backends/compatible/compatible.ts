import type { Backend } from "../backend.ts";
import { compatibleBody, type CompatibleBodyOptions } from "./request.ts";
import { createCompatibleReader } from "./stream.ts";
import { createConcedingBackend } from "../conceding-backend.ts";
import type { Dialect } from "../concessions/dialect.ts";
import type { Ledger } from "../concessions/ledger.ts";
import { createOpenAIClient } from "../openai-sdk/client.ts";
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
  /** What the server does not take. Default: nothing is known. */
  readonly ledger?: Ledger | undefined;
}

/** Any Chat Completions server: Ollama, vLLM, OpenRouter, Grok, DeepSeek, … */
export function createCompatibleBackend(options: CompatibleOptions): Backend {
  return createConcedingBackend({
    kind: "compatible",
    model: options.model,
    provider: options.provider ?? null,
    dialect: createDialect(options),
    ledger: options.ledger,
    isOwnApi: false,
  });
}

function createDialect(options: CompatibleOptions): Dialect<object> {
  const target = targetOf(options);
  const client = createOpenAIClient(options);
  return {
    body: (request, terms) => compatibleBody(request, options, terms),
    post: (body, signal) =>
      client.post("/chat/completions", { body, signal, stream: true }).asResponse(),
    reader: () => createCompatibleReader(target),
    target,
    classify: (error) => openAIFailure(error, target),
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
