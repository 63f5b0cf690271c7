import { describe, expect, test } from "vitest";
import { isOfThisBackend, isPassing } from "../../../src/backends/resilience/failure.ts";
import type { FailureClass } from "../../../src/coordination/turn-event.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { failure } from "../ask.ts";
import { BACKENDS } from "./four-backends.ts";

/** What follows from a failure: another try, another backend, or neither. */
type Then = "retry" | "fallback" | "permanent";

/** Statuses without a body that says more. */
const STATUSES: readonly (readonly [status: number, failure: FailureClass, then: Then])[] = [
  [400, "bad_request", "fallback"],
  [401, "auth", "fallback"],
  [402, "rate_limit", "fallback"],
  [403, "auth", "fallback"],
  [404, "bad_request", "fallback"],
  [405, "bad_request", "fallback"],
  [407, "network", "retry"],
  [408, "timeout", "retry"],
  [409, "overloaded", "retry"],
  [410, "bad_request", "fallback"],
  [413, "context", "permanent"],
  [421, "network", "retry"],
  [422, "bad_request", "fallback"],
  [423, "overloaded", "retry"],
  [424, "overloaded", "retry"],
  [425, "overloaded", "retry"],
  [429, "rate_limit", "retry"],
  [451, "bad_request", "fallback"],
  [498, "overloaded", "retry"],
  [499, "network", "retry"],
  [500, "overloaded", "retry"],
  [501, "bad_request", "fallback"],
  [502, "overloaded", "retry"],
  [503, "overloaded", "retry"],
  [504, "timeout", "retry"],
  [511, "network", "fallback"],
  [520, "overloaded", "retry"],
  [521, "overloaded", "retry"],
  [522, "timeout", "retry"],
  [523, "overloaded", "retry"],
  [524, "timeout", "retry"],
  [525, "network", "fallback"],
  [526, "network", "fallback"],
  [527, "overloaded", "retry"],
  [529, "overloaded", "retry"],
  [530, "overloaded", "retry"],
  [598, "timeout", "retry"],
];

describe.each(BACKENDS)("$kind", ({ create }) => {
  const faults = useModelFaults();

  test.each(STATUSES)("$kind takes status %i for %s: %s", async (status, failed, then) => {
    const scene = {
      type: "raw",
      status,
      headers: { "content-type": "text/plain" },
      body: "",
    } as const;
    faults().play(scene, scene, scene);
    const thrown = await failure(create(faults().url));
    expect(thrown.failure).toBe(failed);
    expect(isPassing(thrown)).toBe(then === "retry");
    expect(isOfThisBackend(thrown)).toBe(then !== "permanent");
    // fetch itself fails at a 407, and does not say so.
    if (status !== 407) expect(thrown.message).toContain(`(HTTP ${status})`);
  });
});
