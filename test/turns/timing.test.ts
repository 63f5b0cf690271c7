import { expect, test } from "vitest";
import { PlatformError } from "../../src/platform.ts";
import { openRoom } from "../support/parley-room.ts";

test("a question that waits, and whose answer is rate limited, tells so in its waterfall, also after a restart", async () => {
  const room = await openRoom();
  const release = room.models.hold(() => true);
  await room.say("First?");
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.say("Second?");
  await room.clock.advance(9_000);
  release();
  await room.until(() => expect(room.posted("final")).not.toEqual([]));
  await room.quiet();
  room.breakPosts(new PlatformError("rate_limited", "slow down", { retryAfterMs: 3_000 }));
  await room.say("Third?");
  await room.until(async () => {
    await room.clock.advance(1_000);
    expect(room.posted("final")).toHaveLength(3);
  });
  await room.quiet();
  await room.leave();
  await room.start();
  const steps = room.steps.map(({ step }) => step.step);
  expect(steps.slice(0, 3)).toEqual(["accepted", "queued", "started"]);
  expect(steps.filter((step) => step === "done")).toHaveLength(3);
  const [, second] = [...new Set(room.steps.map(({ turn }) => turn))];
  const reply = await room.command(`why --timing ${second}`, { level: "operator" });
  expect(JSON.stringify(reply.blocks)).toContain("for an earlier turn of this thread");
  expect(room.steps).toContainEqual({
    turn: second,
    step: { step: "queued", why: "an earlier turn of this thread", waitedMs: 9_000 },
  });
});

test("members do not get the waterfall; operators also see under which id the log has the turn", async () => {
  const room = await openRoom();
  await room.say("What is heavier?");
  await room.quiet();
  const member = await room.command("why --timing", { level: "everyone" });
  expect(member).toMatchObject({ ok: false, title: "`!why --timing` is for operators and admins" });
  const id = room.steps[0]?.turn ?? "";
  const why = await room.command("why", { eventId: "why-1", level: "operator" });
  expect(JSON.stringify(why.blocks)).toContain(id);
  expect(
    JSON.stringify((await room.command("why", { eventId: "why-2", level: "everyone" })).blocks),
  ).not.toContain(id);
});
