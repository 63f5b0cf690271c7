import { expect, it } from "vitest";
import { createLookupCache } from "../../../adapters/slack/people/lookup-cache.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const rig = () => {
  const clock = createFakeClock();
  const asked: string[] = [];
  const state = { fails: false };
  const look = createLookupCache({
    clock,
    ttlMs: 1_000,
    failureMs: 100,
    max: 2,
    async find(key) {
      asked.push(key);
      if (state.fails) throw new Error("no");
      return { answer: `${key}!`, isOld: false };
    },
  });
  return { clock, asked, state, look };
};

it("asks once for all who ask at the same time, and once in a while after that", async () => {
  const { look, asked, clock } = rig();
  expect(await Promise.all([look("a"), look("a"), look("a")])).toEqual(["a!", "a!", "a!"]);
  expect(asked).toEqual(["a"]);
  await clock.advance(1_000);
  await look("a");
  expect(asked).toEqual(["a", "a"]);
});

it("does not ask again at once after a failure", async () => {
  const { look, asked, state, clock } = rig();
  state.fails = true;
  expect([await look("a"), await look("a")]).toEqual([undefined, undefined]);
  expect(asked).toEqual(["a"]);
  state.fails = false;
  await clock.advance(100);
  expect(await look("a")).toBe("a!");
});

it("keeps the latest only", async () => {
  const { look, asked } = rig();
  for (const key of ["a", "b", "c", "c", "a"]) await look(key);
  expect(asked).toEqual(["a", "b", "c", "a"]);
});
