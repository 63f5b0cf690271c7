import { expect, test } from "vitest";
import { textOf } from "../commands/room.ts";
import { openRoom, type ParleyRoom, teamOf } from "../support/parley-room.ts";

const ROOT = "The code word is heron. Why?";

/** A turn at work on the first message, whose reviews wait; from now on people reach a process that does not run it. */
async function roomReachedElsewhere(): Promise<ParleyRoom & { release(): void }> {
  const room = await openRoom();
  const release = room.models.hold(({ kind, said }) => kind === "review" && said.length === 1);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(4));
  room.reachAnother();
  return Object.assign(room, { release });
}

test("a choice counts, and the last one of a person wins", async () => {
  const room = await roomReachedElsewhere();
  expect(textOf(await room.command("prefer berta"))).toMatch(/^Your vote is for/);
  expect(await room.command("prefer ann")).toMatchObject({ ok: true });
  expect(textOf(await room.command("prefer zoe"))).toMatch(/Use one of `!prefer .`, `!prefer .`/);
  room.release();
  await room.quiet();
  expect(room.of("preference_given")).toMatchObject([
    { person: "ada", revision: "berta.1" },
    { person: "ada", revision: "ann.1" },
  ]);
  expect(textOf(await room.command("prefer ann"))).toContain("No turn is running here.");
});

test("a choice outlives the process that ran the turn, and is counted once", async () => {
  const room = await roomReachedElsewhere();
  expect(await room.command("prefer ann")).toMatchObject({ ok: true });
  await room.until(() => expect(room.of("preference_given")).toHaveLength(1));
  await room.leave();
  expect(await room.command("prefer berta")).toMatchObject({ ok: true });
  await room.start();
  room.release();
  await room.quiet();
  expect(room.of("preference_given").map(({ revision }) => revision)).toEqual(["ann.1", "berta.1"]);
});

test("the status is read where the turn does not run, and its time goes on", async () => {
  const room = await roomReachedElsewhere();
  await room.clock.advance(7_000);
  const status = textOf(await room.command("status")).replace(/\nTurn `[-0-9a-f]{36}`/, "\nTurn …");
  // Which label an agent has is the turn's to say.
  expect(status.replaceAll(/^[AB] /gm, "* ")).toBe(
    [
      "default: reviewing",
      "7s, round 1, 240 tokens, cost unknown",
      "Turn …",
      "| Agent | Status | Revision | For | Tokens",
      "* | ann | reviewing | 1 | 7s | 120",
      "* | berta | reviewing | 1 | 7s | 120",
    ].join("\n"),
  );
  expect(textOf(await room.command("why"))).toContain("ann on “");
  room.release();
  await room.quiet();
  expect(textOf(await room.command("status"))).toContain("Nothing is running here");
});

test("a message that reaches another process shows on the status as waiting, and can be put to the turn", async () => {
  const room = await roomReachedElsewhere();
  const waiting = await room.say("Keep it short.");
  await room.until(() => expect(room.statuses()[0]).toMatchObject({ queued: 1 }));
  await room.edit(waiting, "Keep it long.");
  const edited = { waiting: [{ id: waiting.id, author: "Ada", excerpt: "Keep it long." }] };
  await room.until(() => expect(room.statuses()[0]).toMatchObject(edited));
  expect(await room.command(`steer ${waiting.id}`)).toMatchObject({ ok: true });
  await room.until(() => expect(room.statuses()[0]).toMatchObject({ queued: 0 }));
  room.release();
  await room.quiet();
  expect(room.of("message_steered")).toMatchObject([{ message: { text: "Keep it long." } }]);
  expect(room.posted("final")).toHaveLength(1);
});

test("a waiting message can take the running turn's place, or be deleted", async () => {
  const room = await roomReachedElsewhere();
  const unwanted = await room.say("No, where?");
  const wanted = await room.say("No, how?");
  await room.until(() => expect(room.statuses()[0]).toMatchObject({ queued: 2 }));
  await room.remove(unwanted);
  await room.until(() => expect(room.statuses()[0]).toMatchObject({ queued: 1 }));
  expect(await room.command(`restart ${wanted.id}`)).toMatchObject({ ok: true });
  await room.quiet();
  expect(room.posted("final")).toEqual([expect.stringContaining("“No, how?”")]);
});

test("stop stops the turn", async () => {
  const room = await roomReachedElsewhere();
  expect(textOf(await room.command("stop"))).toContain("Stopped by Ada");
  await room.quiet();
  expect(room.statuses()).toMatchObject([{ phase: "stopped", note: "stopped by Ada" }]);
});

test("retry answers again, and the turn that ran makes room", async () => {
  const room = await roomReachedElsewhere();
  expect(await room.command("retry")).toMatchObject({ ok: true });
  await room.until(() => expect(room.of("turn_stopped")).toMatchObject([{ reason: "restart" }]));
  room.release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("an edit of the question starts its turn over, its deletion ends it, wherever they arrive", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ said }) => said.at(-1) === `Ada: ${ROOT}`);
  const question = await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  room.reachAnother();
  await room.edit(question, "The code word is egret. Why?");
  await room.quiet();
  expect(room.posted("final")).toEqual([expect.stringMatching(/^egret, answer 1/)]);
  const second = await room.say(ROOT);
  await room.until(() => expect(room.statuses()).toHaveLength(3));
  await room.remove(second);
  await room.quiet();
  release();
  expect(room.statuses()[2]).toMatchObject({ phase: "stopped" });
});

test("a binding and a listening mode hold in every process from the next message on", async () => {
  const room = await openRoom();
  await room.writeTeam("other", teamOf(["cleo"]));
  room.reachAnother();
  expect(await room.command("team use other")).toMatchObject({ ok: true });
  expect(await room.command("listen always --channel")).toMatchObject({ ok: true });
  // The first process again.
  await room.leave();
  await room.start();
  await room.say(ROOT, { addressed: "channel" });
  await room.quiet();
  expect(room.posted("final")).toEqual([expect.stringContaining("cleo on")]);
});
