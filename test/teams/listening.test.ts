import { expect, test } from "vitest";
import type { Place } from "../../src/ids.ts";
import { createListening } from "../../src/teams/listening.ts";
import { createMemoryBindings } from "../support/memory-bindings.ts";

const place: Place = { platform: "slack", space: "T1", channel: "C1", thread: "1.1" };
const rig = () => {
  const store = createMemoryBindings();
  return { store, listening: createListening({ store, wallClock: () => 7 }) };
};

test("the nearest setting decides, and the default mode is thread", async () => {
  const { listening } = rig();
  expect(await listening.resolve(place)).toEqual({ mode: "thread", because: "default", by: null });
  await listening.use(place, "space", "mention", "slack:U1");
  await listening.use(place, "channel", "always", "slack:U2");
  const mode = async (at: Partial<Place>) => (await listening.resolve({ ...place, ...at })).mode;
  expect(await mode({})).toBe("always");
  expect(await mode({ channel: "C2" })).toBe("mention");
  expect(await mode({ space: "T2" })).toBe("thread");
  await listening.use(place, "channel", null, "slack:U2");
  expect(await listening.resolve(place)).toMatchObject({ mode: "mention", by: "slack:U1" });
});

test("a setting of a newer version does not silence Parley", async () => {
  const { listening, store } = rig();
  const write = { value: "sometimes", by: "slack:U1", at: 7, expected: 0 };
  await store.put("listen:slack:T1:C1", write);
  expect((await listening.resolve(place)).mode).toBe("thread");
});

test("of two simultaneous changes both succeed, and the later one counts", async () => {
  const { listening, store } = rig();
  store.interrupt(() => listening.use(place, "channel", "mention", "slack:U1"));
  await listening.use(place, "channel", "always", "slack:U2");
  expect((await listening.resolve(place)).mode).toBe("always");
});
