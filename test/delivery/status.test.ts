import { expect, test } from "vitest";
import { PlatformError } from "../../src/platform.ts";
import { openDelivery, statusOf } from "./delivery-bench.ts";
import { gone, limited, refused } from "./fake-platform.ts";

const open = async () => {
  const bench = await openDelivery();
  return {
    ...bench,
    status: bench.delivery.status(bench.turn),
    settle: () => bench.clock.advance(0),
  };
};

test("the first view is posted at once, later ones are edits of that message", async () => {
  const { status, clock, calls, texts } = await open();
  status.show(statusOf("one"));
  await clock.advance(1000);
  status.show(statusOf("two"));
  await clock.advance(0);
  expect([calls, texts()]).toEqual([["post status 0", "edit status"], ["two"]]);
});

test("edits are debounced: only the latest view within the interval is shown", async () => {
  const { status, clock, settle, calls, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  for (const note of ["two", "three", "four"]) {
    status.show(statusOf(note));
    await clock.advance(200);
  }
  expect(texts()).toEqual(["one"]);
  await clock.advance(400);
  expect([calls.length, texts()]).toEqual([2, ["four"]]);
});

test("one edit is in flight at a time; later views wait for it", async () => {
  const { status, clock, settle, fail, calls, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  fail("edit", "hangs");
  await clock.advance(1000);
  status.show(statusOf("two"));
  await clock.advance(5000);
  status.show(statusOf("three"));
  await clock.advance(54_999);
  expect(calls).toHaveLength(2);
  await clock.advance(3000);
  expect(texts()).toEqual(["three"]);
});

test("state changes take priority over clock ticks", async () => {
  const { status, clock, settle, texts, messages } = await open();
  status.show(statusOf("one", 0));
  await settle();
  status.show(statusOf("one", 1000));
  await clock.advance(1500);
  expect(messages[0]?.edits).toBe(0);
  status.show(statusOf("two", 1500));
  await settle();
  expect([texts(), messages[0]?.edits]).toEqual([["two"], 1]);
});

test("clock ticks alone are shown at half the pace", async () => {
  const { status, clock, settle, messages } = await open();
  status.show(statusOf("one", 0));
  await settle();
  for (let second = 1; second <= 8; second++) {
    status.show(statusOf("one", second * 1000));
    await clock.advance(1000);
  }
  expect(messages[0]?.edits).toBe(4);
});

test("a rate-limited edit waits as long as the platform says, then shows the latest view", async () => {
  const { status, clock, settle, fail, calls, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  fail("edit", limited(20_000));
  await clock.advance(1000);
  status.show(statusOf("two"));
  await clock.advance(10_000);
  status.show(statusOf("three"));
  await clock.advance(9_999);
  expect(calls).toHaveLength(2);
  await clock.advance(1);
  expect([calls.length, texts()]).toEqual([3, ["three"]]);
});

test("a rate-limited status is posted later, with the current view", async () => {
  const { status, clock, settle, fail, calls, texts } = await open();
  fail("post", limited(300), limited(20_000));
  status.show(statusOf("one"));
  await settle();
  await clock.advance(300);
  status.show(statusOf("two"));
  await clock.advance(20_000);
  expect([calls, texts()]).toEqual([Array(3).fill("post status 0"), ["two"]]);
});

test("a status that is rate limited until the answer is posted is not posted below it", async () => {
  const { status, clock, settle, fail, calls } = await open();
  fail("post", limited(3000), limited(3000));
  status.show(statusOf("one"));
  await settle();
  await status.freeze({ ...statusOf("the end"), phase: "answered" });
  await clock.advance(60_000);
  expect(calls).toEqual(["post status 0"]);
});

test("a stopped turn leaves its final status, even after a long rate limit", async () => {
  const { status, clock, settle, fail, texts } = await open();
  fail("post", limited(3000), limited(3000));
  status.show(statusOf("one"));
  await settle();
  const frozen = status.freeze({ ...statusOf("stopped by Ada"), phase: "stopped" });
  await clock.advance(6000);
  await frozen;
  expect(texts()).toEqual(["stopped by Ada"]);
});

test("a status with an unknown outcome is looked up, even during a rate limit", async () => {
  const { status, clock, settle, fail, calls, texts } = await open();
  fail("post", "lost_reply");
  fail("find", limited(3000));
  status.show(statusOf("one"));
  await settle();
  await clock.advance(5000);
  await clock.advance(5000);
  await status.freeze({ ...statusOf("the end"), phase: "answered" });
  expect([calls.filter((call) => call.startsWith("post")), texts()]).toEqual([
    ["post status 0"],
    ["the end"],
  ]);
});

test("a final status is never dropped because of rate limits", async () => {
  const { status, clock, settle, fail, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  for (let n = 0; n < 12; n++) fail("edit", limited(3000));
  const frozen = status.freeze(statusOf("the end"));
  await clock.advance(60_000);
  await frozen;
  expect(texts()).toEqual(["the end"]);
});

test("a deleted status is posted again, once", async () => {
  const { status, clock, settle, remove, texts, calls, problems } = await open();
  status.show(statusOf("one"));
  await settle();
  remove("m1");
  await clock.advance(1000);
  status.show(statusOf("two"));
  await settle();
  expect(texts()).toEqual(["two"]);
  remove("m1");
  await clock.advance(1000);
  status.show(statusOf("three"));
  await settle();
  await status.freeze(statusOf("four"));
  expect([texts(), calls.filter((call) => call.startsWith("post")).length]).toEqual([[], 2]);
  expect(problems).toMatchObject([{ message: "The status was deleted twice." }]);
});

test("a refused view is dropped and reported, and the next one is shown", async () => {
  const { status, clock, settle, fail, texts, problems } = await open();
  status.show(statusOf("one"));
  await settle();
  fail("edit", refused);
  for (const note of ["two", "three"]) {
    await clock.advance(1000);
    status.show(statusOf(note));
    await settle();
  }
  expect([texts(), problems]).toEqual([["three"], [refused]]);
});

test("a frozen status accepts no more views", async () => {
  const { status, clock, settle, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  const frozen = status.freeze(statusOf("answered"));
  status.show(statusOf("late"));
  await clock.advance(1000);
  await frozen;
  status.show(statusOf("later"));
  await clock.advance(10_000);
  expect(texts()).toEqual(["answered"]);
});

test("repeated platform failures are reported, and the freeze still resolves", async () => {
  const { status, clock, settle, fail, problems } = await open();
  status.show(statusOf("one"));
  await settle();
  const down = Array.from({ length: 5 }, () => new PlatformError("unknown", "timeout"));
  fail("edit", ...down);
  const frozen = status.freeze(statusOf("answered"));
  await clock.advance(60_000);
  await frozen;
  expect(problems).toEqual([down[4]]);
});

test("a status that can never be posted is dropped, and the freeze resolves", async () => {
  const { status, settle, fail, problems, calls } = await open();
  fail("post", gone);
  status.show(statusOf("one"));
  await settle();
  await status.freeze(statusOf("answered"));
  expect([calls, problems]).toMatchObject([["post status 0"], [{ outcome: "gone" }]]);
});

test("a resumed turn reuses its status message", async () => {
  const { status, settle, restart, texts, calls } = await open();
  status.show(statusOf("one"));
  await settle();
  const again = await restart();
  again.delivery.status(again.turn).show(statusOf("resumed"));
  await settle();
  expect([texts(), calls]).toEqual([["resumed"], ["post status 0", "edit status"]]);
});

test("a status whose post got no reply is found instead of posted twice", async () => {
  const { status, clock, fail, texts, calls } = await open();
  fail("post", "lost_reply");
  status.show(statusOf("one"));
  await clock.advance(1000);
  await clock.advance(1000);
  status.show(statusOf("two"));
  await clock.advance(0);
  expect([texts(), calls]).toEqual([["two"], ["post status 0", "find status 0", "edit status"]]);
});

test("a process that lost the turn edits nothing and reports nothing", async () => {
  const { status, settle, restart, texts, problems } = await open();
  await restart();
  status.show(statusOf("zombie"));
  await settle();
  await status.freeze(statusOf("zombie"));
  expect([texts(), problems]).toEqual([[], []]);
});
