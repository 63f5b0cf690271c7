import { expect, test } from "vitest";
import { openDelivery, statusOf } from "./delivery-bench.ts";

test("a process that was frozen during a takeover does not edit the status", async () => {
  const { delivery, turn, clock, restart, calls, problems, texts } = await openDelivery();
  const status = delivery.status(turn);
  status.show(statusOf("one"));
  await clock.advance(0);
  const next = await restart();
  next.delivery.status(next.turn).show(statusOf("two"));
  await clock.advance(12_000);
  status.show(statusOf("old"));
  await clock.advance(0);
  expect([calls.length, texts(), problems]).toEqual([2, ["two"], []]);
});
