import { expect, test } from "vitest";
import { fold } from "../../../src/coordination/advance.ts";
import type { CheckResult } from "../../../src/coordination/check-result.ts";
import { setTable, settle, started } from "../table.ts";

const wrong: CheckResult = {
  check: "arithmetic",
  findings: [{ quote: "2 × 4 = 9", verdict: "fails", note: "it is 8" }],
  more: 0,
};

/** Checks that end when the test says so. */
function heldChecks() {
  const running: { readonly text: string; readonly end: (r: readonly CheckResult[]) => void }[] =
    [];
  const signals: AbortSignal[] = [];
  return {
    running,
    signals,
    check: ({ text }: { readonly text: string }, signal: AbortSignal) =>
      new Promise<readonly CheckResult[]>((end) => {
        running.push({ text, end });
        signals.push(signal);
      }),
  };
}

test("reviews wait for the checks of the answers, and read what they found", async () => {
  const held = heldChecks();
  const t = await setTable(started(2), { check: held.check });
  await t.answer("ada");
  await t.answer("ben");
  expect(held.running.map(({ text }) => text)).toEqual(["answer of ada", "answer of ben"]);
  expect(t.open()).toEqual([]);
  held.running[1]?.end([wrong]);
  await settle();
  expect(t.open()).toEqual([]);
  held.running[0]?.end([]);
  await settle();
  const shown = t.of("ada").move.shown.map(({ revision, checks }) => ({ revision, checks }));
  expect(shown).toEqual([
    { revision: "ben.1", checks: [{ revision: "ben.1", ...wrong }] },
    { revision: "ada.1", checks: undefined },
  ]);
  expect(t.types().filter((type) => type === "answer_checked")).toHaveLength(1);
});

test("a check that ends after a person took the answer is of no use, and holds nothing up", async () => {
  const held = heldChecks();
  const t = await setTable(started(2), { check: held.check });
  await t.answer("ada");
  t.turn.stop("Eve", "finish");
  const state = await t.turn.done;
  expect(state.outcome).toBe("answered");
  expect(held.signals.every(({ aborted }) => aborted)).toBe(true);
  held.running[0]?.end([wrong]);
  await settle();
  expect(t.types()).not.toContain("answer_checked");
});

test("answers are still asked for while another one is checked", async () => {
  const held = heldChecks();
  const t = await setTable(started(3), { check: held.check });
  await t.answer("ada");
  expect(t.open().map(({ move }) => move.kind)).toEqual(["answer", "answer"]);
});

test("a lone agent's answer has no reviewers, so nothing is checked", async () => {
  const held = heldChecks();
  const t = await setTable(started(1), { check: held.check });
  await t.answer("ada");
  await t.turn.done;
  expect(held.running).toEqual([]);
});

test("what was found is not looked for again when another process goes on", async () => {
  const held = heldChecks();
  const first = await setTable(started(2), { check: held.check });
  await first.answer("ada");
  held.running[0]?.end([wrong]);
  await settle();
  const before = [...first.events];
  expect(fold(before).checks).toEqual([{ revision: "ada.1", ...wrong }]);
  const again = heldChecks();
  await setTable(started(2), { before, check: again.check });
  expect(again.running).toEqual([]);
});

test("the same ballots decide the same, whatever checks have found", async () => {
  const held = heldChecks();
  const t = await setTable(started(2), { check: held.check });
  await t.answer("ada");
  held.running[0]?.end([wrong]);
  await t.answer("ben");
  held.running[1]?.end([]);
  await settle();
  await t.vote("ada", { ada: 9, ben: 2 });
  await t.vote("ben", { ada: 8, ben: 3 });
  const state = await t.turn.done;
  const without = fold(t.events.filter(({ type }) => type !== "answer_checked"));
  expect({ ...state, checks: [] }).toEqual(without);
});
