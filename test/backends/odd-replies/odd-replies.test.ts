import { describe, expect, test } from "vitest";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, failure, voteTool } from "../ask.ts";
import { CREATE } from "./backends.ts";
import { BODIES } from "./bodies.ts";
import { KINDS, type Outcome } from "./kinds.ts";
import { outcomeOf } from "./outcome.ts";

const cases = (["openai", "compatible", "anthropic", "gemini"] as const).flatMap((name) =>
  Object.entries(KINDS).flatMap(([kind, outcome]: [string, Outcome]) => {
    const body = Object.entries(BODIES[name]).find(([key]) => key === kind)?.[1];
    return typeof body === "string" ? [{ name, kind, outcome, body }] : [];
  }),
);

describe("a reply that differs from the documentation is read all the same", () => {
  const faults = useModelFaults();

  test.each(cases)("$name: $kind", async ({ name, outcome, body }) => {
    const { failure: failed, ...expected } = outcome;
    faults().play({ type: "raw", body });
    const backend = CREATE[name](faults().url);
    if (failed) {
      expect((await failure(backend)).failure).toBe(failed);
      return;
    }
    const events = await ask(backend, { tools: [voteTool] });
    expect(outcomeOf(events)).toMatchObject(expected);
    expect(events.filter(({ type }) => type === "done")).toHaveLength(1);
  });
});
