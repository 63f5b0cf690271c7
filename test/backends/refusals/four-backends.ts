import { createAnthropicBackend } from "../../../src/backends/anthropic/anthropic.ts";
import type { Backend } from "../../../src/backends/backend.ts";
import { createCompatibleBackend } from "../../../src/backends/compatible/compatible.ts";
import { createGeminiBackend } from "../../../src/backends/gemini/gemini.ts";
import { createOpenAIBackend } from "../../../src/backends/openai/openai.ts";
import { wires } from "../../servers/model-faults.ts";
import { TEST_KEY, TEST_MODEL } from "../contract-stage.ts";

const shared = {
  model: TEST_MODEL,
  apiKey: TEST_KEY,
  mayForce: true,
} as const;

export interface BackendKind {
  readonly kind: string;
  readonly wire: (typeof wires)[keyof typeof wires];
  /** `url`: the server without a path. */
  readonly create: (url: string) => Backend;
}

/** The four backends with real SDKs, each for the wire format that its server speaks. */
export const BACKENDS: readonly BackendKind[] = [
  {
    kind: "openai",
    wire: wires.responses,
    create: (url) => createOpenAIBackend({ ...shared, baseUrl: `${url}/v1` }),
  },
  {
    kind: "compatible",
    wire: wires.chat,
    create: (url) => createCompatibleBackend({ ...shared, baseUrl: `${url}/v1` }),
  },
  {
    kind: "anthropic",
    wire: wires.anthropic,
    create: (url) => createAnthropicBackend({ ...shared, baseUrl: url }),
  },
  {
    kind: "gemini",
    wire: wires.gemini,
    create: (url) => createGeminiBackend({ ...shared, baseUrl: url }),
  },
];
