import { expect, test } from "vitest";
import { openBindings as open, place } from "./open-bindings.ts";

test("A thread has agents of its own: without one, with a guest, or only some", async () => {
  const { bindings, seats } = await open();
  await bindings.use(place, "channel", "council", "slack:U1");
  const seat = (change: object) =>
    bindings.seat(place, (now) => ({ ...now, ...change }), "slack:U1");
  await seat({ drop: ["gpt"] });
  expect(await seats()).toEqual(["claude", "gemini"]);
  await seat({ add: ["local/qwen"] });
  expect(await seats()).toEqual(["claude", "gemini", "qwen"]);
  await seat({ only: ["claude"], add: [], drop: [] });
  expect(await seats()).toEqual(["claude"]);
});

test("A guest whose id is taken gets another one", async () => {
  const { bindings, seats } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  await bindings.seat(place, (now) => ({ ...now, add: ["default/gpt"] }), "slack:U1");
  expect(await seats()).toEqual(["gpt", "claude", "gemini", "gpt-2"]);
});

test("Chosen agents that no longer exist are left out and named; with none left, nobody else answers", async () => {
  const { bindings, seats } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  await bindings.seat(place, (now) => ({ ...now, only: ["mistral", "gpt"] }), "slack:U1");
  expect(await seats()).toEqual(["gpt"]);
  expect((await bindings.resolve(place)).notes).toEqual([
    "agent mistral is in no team file any more",
  ]);
  await bindings.seat(place, (now) => ({ ...now, only: ["mistral"] }), "slack:U1");
  await expect(bindings.resolve(place)).rejects.toThrow(
    "none of the agents chosen for this thread can answer for the team Council: agent mistral is in no team file any more. `parley agents reset` brings the whole team back.",
  );
});

test("Another team in the thread starts with its own agents", async () => {
  const { bindings, seats } = await open();
  await bindings.seat(place, (now) => ({ ...now, drop: ["gpt"] }), "slack:U1");
  await bindings.use(place, "thread", "council", "slack:U1");
  expect(await seats()).toEqual(["gpt", "claude", "gemini"]);
});

test("Two simultaneous changes of a thread both take effect", async () => {
  const { bindings, store, seats } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  const drop = (id: string) =>
    bindings.seat(place, (now) => ({ ...now, drop: [...now.drop, id] }), "slack:U1");
  store.interrupt(() => drop("gpt"));
  await drop("gemini");
  expect(await seats()).toEqual(["claude"]);
});
