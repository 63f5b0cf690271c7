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

test("of many views within the interval only the latest is shown", async () => {
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

test("one edit is in flight at a time; what comes meanwhile waits for it", async () => {
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

test("a mere tick of the clock leaves room for a change of state, which goes first", async () => {
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

test("ticks alone are shown at half the pace", async () => {
  const { status, clock, settle, messages } = await open();
  status.show(statusOf("one", 0));
  await settle();
  for (let second = 1; second <= 8; second++) {
    status.show(statusOf("one", second * 1000));
    await clock.advance(1000);
  }
  expect(messages[0]?.edits).toBe(4);
});

test("an edit that is rate limited waits as long as it is told, and shows the latest view", async () => {
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

test("a status for which there was no room is posted when there is, as the turn stands then", async () => {
  const { status, clock, settle, fail, calls, texts } = await open();
  fail("post", limited(300), limited(20_000));
  status.show(statusOf("one"));
  await settle();
  await clock.advance(300);
  status.show(statusOf("two"));
  await clock.advance(20_000);
  expect([calls, texts()]).toEqual([Array(3).fill("post status 0"), ["two"]]);
});

test("a status for which there was no room until the answer stood is not posted below it", async () => {
  const { status, clock, settle, fail, calls } = await open();
  fail("post", limited(3000), limited(3000));
  status.show(statusOf("one"));
  await settle();
  await status.freeze({ ...statusOf("the end"), phase: "answered" });
  await clock.advance(60_000);
  expect(calls).toEqual(["post status 0"]);
});

test("a turn that was stopped leaves its record, however late there is room for it", async () => {
  const { status, clock, settle, fail, texts } = await open();
  fail("post", limited(3000), limited(3000));
  status.show(statusOf("one"));
  await settle();
  const frozen = status.freeze({ ...statusOf("stopped by Ada"), phase: "stopped" });
  await clock.advance(6000);
  await frozen;
  expect(texts()).toEqual(["stopped by Ada"]);
});

test("a status whose fate is not known is looked up, even where there is no room for another", async () => {
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

test("a record that waits for a busy platform is not dropped, however long that takes", async () => {
  const { status, clock, settle, fail, texts } = await open();
  status.show(statusOf("one"));
  await settle();
  for (let n = 0; n < 12; n++) fail("edit", limited(3000));
  const frozen = status.freeze(statusOf("the end"));
  await clock.advance(60_000);
  await frozen;
  expect(texts()).toEqual(["the end"]);
});

test("a deleted status is posted afresh, once", async () => {
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
  await status.freeze(statusOf("three"));
  expect([texts(), calls.filter((call) => call.startsWith("post")).length]).toEqual([[], 2]);
  expect(problems).toMatchObject([{ message: "The status was deleted twice." }]);
});

test("a view that the platform refuses is dropped and reported, the next one is shown", async () => {
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

test("frozen, it takes no more views", async () => {
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

test("a turn that ends before its status was ever shown still leaves its record", async () => {
  const { status, texts } = await open();
  await status.freeze(statusOf("answered"));
  expect(texts()).toEqual(["answered"]);
});

test("a status is never stuck: a platform that keeps failing is reported, and the freeze resolves", async () => {
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

test("a status that cannot be posted at all is given up, and the freeze resolves", async () => {
  const { status, settle, fail, problems, calls } = await open();
  fail("post", gone);
  status.show(statusOf("one"));
  await settle();
  await status.freeze(statusOf("answered"));
  expect([calls, problems]).toMatchObject([["post status 0"], [{ outcome: "gone" }]]);
});

test("a resumed turn goes on with its own status message", async () => {
  const { status, settle, restart, texts, calls } = await open();
  status.show(statusOf("one"));
  await settle();
  const again = await restart();
  again.delivery.status(again.turn).show(statusOf("resumed"));
  await settle();
  expect([texts(), calls]).toEqual([["resumed"], ["post status 0", "edit status"]]);
});

test("a status whose post got no reply is found again instead of posted twice", async () => {
  const { status, clock, fail, texts, calls } = await open();
  fail("post", "lost_reply");
  status.show(statusOf("one"));
  await clock.advance(1000);
  await clock.advance(1000);
  status.show(statusOf("two"));
  await clock.advance(0);
  expect([texts(), calls]).toEqual([["two"], ["post status 0", "find status 0", "edit status"]]);
});

test("a process that no longer owns the turn shows nothing and says nothing", async () => {
  const { status, settle, restart, texts, problems } = await open();
  await restart();
  status.show(statusOf("zombie"));
  await settle();
  await status.freeze(statusOf("zombie"));
  expect([texts(), problems]).toEqual([[], []]);
});
