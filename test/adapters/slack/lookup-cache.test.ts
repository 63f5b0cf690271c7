import { expect, it, vi } from "vitest";
import { createLookupCache } from "../../../adapters/slack/people/lookup-cache.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

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

it("shares one call among concurrent questions, and asks again after a while", async () => {
  const { look, asked, clock } = rig();
  expect(await Promise.all([look("a"), look("a"), look("a")])).toEqual(["a!", "a!", "a!"]);
  expect(asked).toEqual(["a"]);
  await clock.advance(1_000);
  await look("a");
  expect(asked).toEqual(["a", "a"]);
});

it("waits before it asks again after a failure", async () => {
  const { look, asked, state, clock } = rig();
  state.fails = true;
  expect([await look("a"), await look("a")]).toEqual([undefined, undefined]);
  expect(asked).toEqual(["a"]);
  state.fails = false;
  await clock.advance(100);
  expect(await look("a")).toBe("a!");
});

it("keeps a limited number of answers, the latest", async () => {
  const { look, asked } = rig();
  for (const key of ["a", "b", "c", "c", "a"]) await look(key);
  expect(asked).toEqual(["a", "b", "c", "a"]);
});

it("a stored answer serves the next process too", async () => {
  const { slack, join, ada, at, answered } = await parleyInSlack();
  const first = await join();
  await answered(ada.says("C1", `${at} What is 2 + 2?`));
  const asked = slack.calls("users.info").length;
  expect(asked).toBeGreaterThan(0);
  await first.leave();
  await join(first.store);
  const again = ada.says("C1", `${at} What is 3 + 3?`);
  await answered(again);
  expect(slack.calls("users.info")).toHaveLength(asked);
});

it("a failure of the store is reported, and the answer is fetched again", async () => {
  const { slack, join, ada, at, answered, problems } = await parleyInSlack();
  const { store } = await join();
  await store.db.q("DROP TABLE key_values");
  await answered(ada.says("C1", `${at} What is 2 + 2?`));
  expect(slack.calls("users.info").length).toBeGreaterThan(0);
  await vi.waitFor(() => expect(problems.join()).toMatch(/no such table: key_values/), PATIENCE);
});
