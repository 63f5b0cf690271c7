import type { Backend } from "../backend.ts";
import { compatibleBody, type CompatibleBodyOptions } from "./request.ts";
import { createCompatibleReader } from "./stream.ts";
import { guardedCall } from "../guarded-call.ts";
import { createThoughtHabit } from "../reply-text/filter-events.ts";
import { concedingCall } from "../concessions/conceding-call.ts";
import type { Dialect } from "../concessions/dialect.ts";
import { createLedger, type Ledger } from "../concessions/ledger.ts";
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
  const { model, provider = null, ledger = createLedger() } = options;
  const dialect = createDialect(options);
  const habit = createThoughtHabit(false);
  return {
    kind: "compatible",
    model,
    provider,
    ask: (request) =>
      guardedCall(
        request.signal,
        (signal) => concedingCall({ ...request, signal }, dialect, ledger),
        dialect.classify,
        habit,
      ),
  };
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
