import { describe, expect, test } from "vitest";
import { createAnthropicBackend } from "../../../src/backends/anthropic/anthropic.ts";
import type { Backend } from "../../../src/backends/backend.ts";
import { createCompatibleBackend } from "../../../src/backends/compatible/compatible.ts";
import { createGeminiBackend } from "../../../src/backends/gemini/gemini.ts";
import { createOpenAIBackend } from "../../../src/backends/openai/openai.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, failure, voteTool } from "../ask.ts";
import { anthropicBodies } from "./anthropic-bodies.ts";
import { chatBodies } from "./chat-bodies.ts";
import { geminiBodies } from "./gemini-bodies.ts";
import { type Bodies, KINDS, type Outcome } from "./kinds.ts";
import { outcomeOf } from "./outcome.ts";
import { responsesBodies } from "./responses-bodies.ts";

const settings = {
  model: "m",
  apiKey: "sk-test-0123456789",
  mayForce: false,
};

const BACKENDS: Readonly<Record<string, { bodies: Bodies; create: (url: string) => Backend }>> = {
  openai: {
    bodies: responsesBodies,
    create: (url) => createOpenAIBackend({ ...settings, baseUrl: `${url}/v1` }),
  },
  compatible: {
    bodies: chatBodies,
    create: (url) => createCompatibleBackend({ ...settings, baseUrl: `${url}/v1` }),
  },
  anthropic: {
    bodies: anthropicBodies,
    create: (url) => createAnthropicBackend({ ...settings, baseUrl: url }),
  },
  gemini: {
    bodies: geminiBodies,
    create: (url) => createGeminiBackend({ ...settings, baseUrl: url }),
  },
};

const cases = Object.entries(BACKENDS).flatMap(([name, { bodies, create }]) =>
  Object.entries(KINDS).flatMap(([kind, outcome]: [string, Outcome]) => {
    const body = Object.entries(bodies).find(([key]) => key === kind)?.[1];
    return typeof body === "string" ? [{ name, kind, outcome, body, create }] : [];
  }),
);

describe("a reply that differs from the documentation is read all the same", () => {
  const faults = useModelFaults();

  test.each(cases)("$name: $kind", async ({ outcome, body, create }) => {
    const { failure: failed, ...expected } = outcome;
    faults().play({ type: "raw", body });
    const backend = create(faults().url);
    if (failed) {
      expect((await failure(backend)).failure).toBe(failed);
      return;
    }
    const events = await ask(backend, { tools: [voteTool] });
    expect(outcomeOf(events)).toMatchObject(expected);
    expect(events.filter(({ type }) => type === "done")).toHaveLength(1);
  });
});
