import { expect, test } from "vitest";
import type { Joined, StartFlags } from "../../src/adapter-kit/adapter.ts";
import { InUseError } from "../../src/adapter-kit/settings.ts";
import { serveOrJoin } from "../../src/serve/serve-or-join.ts";
import { createFastClock } from "../support/fast-clock.ts";

const FLAGS: StartFlags = {
  platforms: ["terminal"],
  team: undefined,
  question: "Which index?",
  once: false,
  json: false,
  thread: undefined,
  continueLatest: true,
};

/** Runs with scripted outcomes, the last of which is repeated. */
async function run(
  script: { readonly joins: readonly Joined[]; readonly serves: readonly (number | Error)[] },
  flags = FLAGS,
) {
  const served: StartFlags[] = [];
  const warnings: string[] = [];
  let joins = 0;
  const code = serveOrJoin({
    flags,
    clock: createFastClock(100),
    join: () => Promise.resolve(script.joins[Math.min(joins++, script.joins.length - 1)] ?? ABSENT),
    serve(wanted) {
      served.push(wanted);
      const outcome = script.serves[Math.min(served.length, script.serves.length) - 1];
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome ?? 0);
    },
    warn: (text) => void warnings.push(text),
  });
  return { code, served, warnings, joins: () => joins };
}

const ABSENT: Joined = { kind: "absent" };
const BUSY = new InUseError("in use");

test("where nobody serves, this process does", async () => {
  const { code, served } = await run({ joins: [ABSENT], serves: [7] });
  expect(await code).toBe(7);
  expect(served).toEqual([FLAGS]);
});

test("where somebody serves, this process joins and leaves with the same code", async () => {
  const { code, served } = await run({ joins: [{ kind: "left", code: 1 }], serves: [0] });
  expect(await code).toBe(1);
  expect(served).toEqual([]);
});

test("when the other one ends, this process serves the thread that was open, and asks nothing again", async () => {
  const { code, served } = await run({ joins: [{ kind: "lost", thread: "plans" }], serves: [0] });
  expect(await code).toBe(0);
  expect(served).toEqual([
    { ...FLAGS, thread: "plans", question: undefined, continueLatest: false },
  ]);
});

test("of two that start at once, the slower one joins", async () => {
  const { code, joins } = await run({ joins: [ABSENT, { kind: "left", code: 0 }], serves: [BUSY] });
  expect(await code).toBe(0);
  expect(joins()).toBe(2);
});

test("a folder that stays in use by something that cannot be joined is an error in the end", async () => {
  const { code, warnings } = await run({ joins: [ABSENT], serves: [BUSY] });
  await expect(code).rejects.toBe(BUSY);
  expect(warnings).toEqual(["Another Parley uses this folder; waiting for it …"]);
});

test("another problem is an error at once", async () => {
  const { code, joins } = await run({ joins: [ABSENT], serves: [new Error("no such team")] });
  await expect(code).rejects.toThrow("no such team");
  expect(joins()).toBe(1);
});

test("a lone question is not asked twice", async () => {
  const lost = { joins: [{ kind: "lost", thread: "plans" } as const], serves: [0] };
  const { code, served } = await run(lost, { ...FLAGS, once: true });
  await expect(code).rejects.toThrow("parley chat --thread plans");
  expect(served).toEqual([]);
});
