import { expect, test } from "vitest";
import type { Check } from "../../src/checks/check.ts";
import { createChecks } from "../../src/checks/create-checks.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const answer = { text: "an answer", claim: null };
const { signal } = new AbortController();
const finding = { quote: "a", verdict: "holds", note: "" } as const;

test("a check that fails or hangs found nothing, and the others still did", async () => {
  const clock = createFakeClock();
  const problems: string[] = [];
  const told = new AbortController();
  const checks: readonly Check[] = [
    { name: "good", run: async () => [finding] },
    { name: "broken", run: async () => Promise.reject(new Error("it broke")) },
    {
      name: "hanging",
      run: (_answer, aborted) =>
        new Promise(() => aborted.addEventListener("abort", () => told.abort())),
    },
  ];
  const run = createChecks(checks, { clock, onProblem: (p) => problems.push(String(p)) });
  const found = run(answer, signal);
  await new Promise<void>((resolve) => setImmediate(resolve));
  await clock.advance(2_000);
  expect(await found).toEqual([{ check: "good", findings: [finding], more: 0 }]);
  expect(problems).toEqual(["Error: it broke", "Error: The check hanging took longer than 2 s."]);
  expect(told.signal.aborted).toBe(true);
});

test("what a check finds is bounded, and what fails comes first", async () => {
  const many = Array.from({ length: 50 }, () => finding);
  const wrong = { quote: "x".repeat(900), verdict: "fails", note: "one\nline" } as const;
  const run = createChecks([{ name: "much", run: async () => [...many, wrong] }], {
    clock: createFakeClock(),
    onProblem: () => {},
  });
  const [result] = await run({ ...answer, text: "y".repeat(100_000) }, signal);
  expect(result?.findings).toHaveLength(20);
  expect(result?.more).toBe(31);
  expect(result?.findings[0]).toMatchObject({ verdict: "fails", note: "one line" });
  expect(result?.findings[0]?.quote).toHaveLength(200);
});
