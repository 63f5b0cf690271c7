import { expect, test } from "vitest";
import { openRoom, type ParleyRoom } from "../support/parley-room.ts";

const ROOT = "The code word is heron. Why?";

/** A turn at work on the first message: all agents are asked, none has answered. */
async function roomInTurn() {
  const room = await openRoom();
  const release = room.models.hold(({ said }) => said.at(-1) === `Ada: ${ROOT}`);
  const message = await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  return { room, release, message };
}

const questions = (room: ParleyRoom) =>
  room.models.asked.filter(({ kind }) => kind === "answer").map(({ said }) => said.at(-1));

test("an edit of the question starts its turn over, and only the new words are answered", async () => {
  const { room, release, message } = await roomInTurn();
  await room.edit(message, "The code word is egret. Why?");
  await room.quiet();
  release();
  expect(room.posted("final")).toEqual([
    "egret, answer 1: berta on “The code word is egret. Why?”.",
  ]);
  expect(room.of("turn_stopped")).toMatchObject([{ by: "Ada", reason: "edit" }]);
  expect(room.posted("note")).toEqual([]);
});

test("an edit that is delivered again does nothing", async () => {
  const { room, message } = await roomInTurn();
  await room.edit(message, "The code word is egret. Why?", "e1");
  await room.edit(message, "The code word is egret. Why?", "e1");
  await room.quiet();
  expect(room.of("turn_started")).toHaveLength(2);
  expect(room.posted("final")).toHaveLength(1);
});

test("an edit of a message that is answered already shows in the next turn's history only", async () => {
  const room = await openRoom();
  const message = await room.say(ROOT);
  await room.quiet();
  await room.edit(message, "The code word is egret. Why?");
  await room.say("And then?");
  await room.quiet();
  expect(room.posted("final")[1]).toMatch(/^egret, answer 2:/);
  expect(room.of("turn_started")).toHaveLength(2);
});

test("an edit of a message that waits changes what will be asked, and keeps its place", async () => {
  const { room, release } = await roomInTurn();
  const waiting = await room.say("And then?");
  await room.say("And at last?");
  await room.edit(waiting, "And after that?");
  const excerpts = [{ excerpt: "And after that?" }, { excerpt: "And at last?" }];
  await room.until(() => expect(room.statuses()[0]).toMatchObject({ waiting: excerpts }));
  release();
  await room.quiet();
  expect(questions(room)).toEqual(
    [ROOT, ROOT, "And after that?", "And after that?", "And at last?", "And at last?"].map(
      (question) => `Ada: ${question}`,
    ),
  );
});

test("an edit of the question is answered before what waits behind it", async () => {
  const { room, release, message } = await roomInTurn();
  await room.say("And then?");
  await room.edit(message, "The code word is egret. Why?");
  await room.quiet();
  release();
  expect(room.posted("final").map((text) => /on “(.*)”/.exec(text)?.[1])).toEqual([
    "The code word is egret. Why?",
    "And then?",
  ]);
});

test("an edit of a message that was added to the running turn is added too, once", async () => {
  const { room, release } = await roomInTurn();
  const added = await room.say("Keep it long.");
  await room.command(`steer ${added.id}`);
  await room.edit(added, "Keep it short.", "e1");
  await room.edit(added, "Keep it short.", "e1");
  release();
  await room.quiet();
  expect(room.of("message_steered").map(({ message }) => message.text)).toEqual([
    "Keep it long.",
    "(edited) Keep it short.",
  ]);
  expect(room.posted("final")).toHaveLength(1);
});

test("an edit of a message in nobody's hands adds nothing to the running turn", async () => {
  const room = await openRoom();
  const old = await room.say(ROOT);
  await room.quiet();
  const release = room.models.hold(({ said }) => said.at(-1) === "Ada: And then?");
  await room.say("And then?");
  await room.until(() => expect(room.of("turn_started")).toHaveLength(2));
  await room.edit(old, "The code word is egret. Why?");
  release();
  await room.quiet();
  expect(room.of("message_steered")).toEqual([]);
});

test("the deletion of the question ends its turn without an answer", async () => {
  const { room, release, message } = await roomInTurn();
  await room.remove(message);
  await room.quiet();
  release();
  expect(room.posted("final")).toEqual([]);
  expect(room.statuses()).toMatchObject([
    { phase: "stopped", note: "stopped because the question was deleted" },
  ]);
});

test("a message that is deleted while it waits is never asked", async () => {
  const { room, release } = await roomInTurn();
  const waiting = await room.say("And then?");
  await room.remove(waiting);
  await room.until(() => expect(room.statuses()[0]).toMatchObject({ queued: 0 }));
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(questions(room)).not.toContain("Ada: And then?");
});

test("“stop” ends the running turn, and what waits behind it goes on", async () => {
  const { room, release } = await roomInTurn();
  await room.say("And then?");
  expect(await room.command("stop")).toMatchObject({ ok: true, title: "Stopped by Ada" });
  await room.quiet();
  release();
  expect(room.posted("final")).toEqual(["heron, answer 1: berta on “And then?”."]);
  expect(await room.command("stop")).toMatchObject({ ok: false });
});
