import type { Backend, BackendRequest } from "../../../src/backends/backend.ts";
import { createAnthropicBackend } from "../../../src/backends/anthropic/anthropic.ts";
import { createCompatibleBackend } from "../../../src/backends/compatible/compatible.ts";
import type { Ledger } from "../../../src/backends/concessions/ledger.ts";
import { createGeminiBackend } from "../../../src/backends/gemini/gemini.ts";
import { createOpenAIBackend } from "../../../src/backends/openai/openai.ts";
import type { ModelFaults, Scene } from "../../servers/model-faults.ts";
import type { RecordedRequest, Reply } from "../../servers/model-wire.ts";

export type Kind = "openai" | "compatible" | "anthropic" | "gemini";
export const KINDS: readonly Kind[] = ["openai", "compatible", "anthropic", "gemini"];

export interface StageOptions {
  readonly model?: string;
  readonly reasoning?: "high" | "minimal";
  readonly webSearch?: boolean;
  readonly maxOutputTokens?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly ledger?: Ledger;
}

const MODELS: Readonly<Record<Kind, string>> = {
  openai: "gpt-6-sol",
  compatible: "llama4",
  anthropic: "claude-opus-4-8",
  gemini: "gemini-3.8-flash",
};

/** A backend with the real SDK, connected to a local server. */
export function backendOf(kind: Kind, url: string, options: StageOptions = {}): Backend {
  const common = { model: MODELS[kind], apiKey: "sk-test", mayForce: true, ...options };
  switch (kind) {
    case "openai":
      return createOpenAIBackend({ ...common, baseUrl: `${url}/v1` });
    case "compatible":
      return createCompatibleBackend({ ...common, baseUrl: `${url}/v1` });
    case "anthropic":
      return createAnthropicBackend({ ...common, baseUrl: url });
    case "gemini":
      return createGeminiBackend({ ...common, baseUrl: url, apiVersion: "v1beta" });
  }
}

/** The error body of each API, around these words. Gateways put other vendors' words into it. */
export function errorBody(kind: Kind, status: number, words: string): string {
  const bodies: Readonly<Record<Kind, unknown>> = {
    openai: { error: { message: words, type: "invalid_request_error", param: null, code: null } },
    compatible: { error: { message: words, code: status } },
    anthropic: {
      type: "error",
      error: { type: "invalid_request_error", message: words },
      request_id: "req_011CZujWMsJzJNurEaxsXxEV",
    },
    gemini: { error: { code: status, message: words, status: "INVALID_ARGUMENT" } },
  };
  return JSON.stringify(bodies[kind]);
}

/** A rule of a server: what it refuses, and how. */
export interface Rule {
  readonly offends: (request: RecordedRequest) => boolean;
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/** A server that answers unless a rule refuses the request. */
export function serveByRules(
  faults: ModelFaults,
  rules: readonly Rule[],
  reply: Reply = { text: "ok" },
): void {
  faults.serve((request): Scene => {
    const broken = rules.find(({ offends }) => offends(request));
    return broken
      ? {
          type: "raw",
          status: broken.status,
          headers: { "content-type": "application/json" },
          body: broken.body,
        }
      : { type: "answer", reply };
  });
}

export type Fields = Partial<BackendRequest>;
