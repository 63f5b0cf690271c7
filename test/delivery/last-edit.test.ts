import { expect, test } from "vitest";
import { openDelivery, statusOf } from "./delivery-bench.ts";
import { limited } from "./fake-platform.ts";

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
  status.hold();
  status.show(statusOf("three"));
  await clock.advance(10_000);
  expect(texts()).toEqual(["one"]);
  await status.freeze(statusOf("answered"));
  expect(texts()).toEqual(["answered"]);
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
