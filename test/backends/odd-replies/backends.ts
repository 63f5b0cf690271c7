import { createAnthropicBackend } from "../../../src/backends/anthropic/anthropic.ts";
import type { Backend } from "../../../src/backends/backend.ts";
import { createCompatibleBackend } from "../../../src/backends/compatible/compatible.ts";
import { createGeminiBackend } from "../../../src/backends/gemini/gemini.ts";
import { createOpenAIBackend } from "../../../src/backends/openai/openai.ts";

const settings = {
  model: "m",
  apiKey: "sk-test-0123456789",
  forcedTools: { mayForce: () => false, cannotForce: () => undefined },
};

export type BackendName = "openai" | "compatible" | "anthropic" | "gemini";

/** The four backends, with their real SDKs, for a server without a path. */
export const CREATE: Readonly<Record<BackendName, (url: string) => Backend>> = {
  openai: (url) => createOpenAIBackend({ ...settings, baseUrl: `${url}/v1` }),
  compatible: (url) => createCompatibleBackend({ ...settings, baseUrl: `${url}/v1` }),
  anthropic: (url) => createAnthropicBackend({ ...settings, baseUrl: url }),
  gemini: (url) => createGeminiBackend({ ...settings, baseUrl: url }),
};
