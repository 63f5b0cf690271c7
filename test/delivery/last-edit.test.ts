import { expect, test } from "vitest";
import { openDelivery, statusOf } from "./delivery-bench.ts";
import { PlatformError } from "../../src/platform.ts";
import { limited, refused } from "./fake-platform.ts";

const open = async () => {
  const bench = await openDelivery();
  const status = bench.delivery.status(bench.turn);
  return { ...bench, status, settle: () => bench.clock.advance(0) };
};

test("a held status drops pending views until the last one", async () => {
  const { status, clock, settle, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  status.show(statusOf("two"));
  status.hold(statusOf("posting"));
  status.show(statusOf("three"));
  await clock.advance(900);
  expect(texts()).toEqual(["one"]);
  await status.freeze(statusOf("answered"));
  expect(texts()).toEqual(["answered"]);
});

test("a held status says that the answer is being posted, once that takes long", async () => {
  const { status, clock, settle, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  status.hold(statusOf("posting"));
  await clock.advance(1_500);
  expect(texts()).toEqual(["posting"]);
  await status.freeze(statusOf("answered"));
  expect(texts()).toEqual(["answered"]);
});

test("the last view follows at once, however recent the last edit is", async () => {
  const { status, clock, settle, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  await clock.advance(1_000);
  status.show(statusOf("two"));
  await settle();
  status.hold(statusOf("posting"));
  await status.freeze(statusOf("answered"));
  expect(texts()).toEqual(["answered"]);
});

test("a status that was not posted before the answer never is", async () => {
  const { status, fail, messages, clock, calls } = await open();
  fail("post", limited(60_000));
  status.show(statusOf("one"));
  await clock.advance(0);
  status.hold(statusOf("posting"));
  await clock.advance(5_000);
  await status.freeze({ ...statusOf("the end"), phase: "answered" });
  await clock.advance(120_000);
  expect([messages, calls]).toEqual([[], ["post status 0"]]);
});

test("a status whose first post hangs until the answer is there is looked up, and not posted again", async () => {
  const { status, fail, messages, clock, calls } = await open();
  fail("post", "hangs");
  status.show(statusOf("one"));
  await clock.advance(0);
  status.hold(statusOf("posting"));
  const frozen = status.freeze({ ...statusOf("the end"), phase: "answered" });
  await clock.advance(61_000);
  await frozen;
  expect([messages, calls]).toEqual([[], ["post status 0", "find status 0"]]);
});

test.each([
  ["stopped by Ada", 1],
  ["stopped because the question was deleted", 0],
])("a turn that ends before its first status, %s, leaves %i statuses", async (note, count) => {
  const { status, messages } = await open();
  await status.freeze({ ...statusOf(note), phase: "stopped" });
  expect(messages).toHaveLength(count);
});

test("whether Parley may post at all is known from the first status", async () => {
  const mute = new PlatformError("rejected", "missing_scope", { about: "place" });
  for (const [failure, isRefused] of [
    [mute, true],
    [refused, false],
    [limited(60_000), false],
  ] as const) {
    const { status, fail, clock } = await open();
    fail("post", failure);
    status.show(statusOf("one"));
    const asked = status.isRefused();
    await clock.advance(1_000);
    expect(await asked).toBe(isRefused);
  }
});

test("the last view does not wait for an earlier view's rate limit", async () => {
  const { status, clock, settle, fail, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  fail("edit", limited(60_000));
  await clock.advance(1_000);
  status.show(statusOf("two"));
  await settle();
  const frozen = status.freeze(statusOf("answered"));
  await clock.advance(1_000);
  await frozen;
  expect(texts()).toEqual(["answered"]);
});
