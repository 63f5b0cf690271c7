import { expect, test } from "vitest";
import { questions, quiet, ROOT, settling, waits } from "../support/settling-room.ts";

test("an edit of any of the messages changes what will be asked", async () => {
  const room = await settling();
  const first = await room.say(ROOT);
  await waits(room);
  const second = await room.say("Why?");
  await room.edit(second, "Since when?", "e1");
  await room.edit(first, "The code word is egret.", "e2");
  await quiet(room);
  expect(questions(room)).toEqual(["Ada: The code word is egret.\n\nSince when?"]);
  expect(room.of("turn_started")).toHaveLength(1);
});

test("an edit of a further message starts a turn at work over", async () => {
  const room = await settling();
  const release = room.models.hold(({ said }) => said.at(-1)?.endsWith("Why?") ?? false);
  await room.say(ROOT);
  const second = await room.say("Why?");
  await room.clock.advance(1_500);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.edit(second, "Since when?");
  await quiet(room);
  release();
  expect(questions(room).at(-1)).toBe(`Ada: ${ROOT}\n\nSince when?`);
  expect(room.of("turn_stopped")).toMatchObject([{ by: "Ada", reason: "edit" }]);
  expect(room.posted("final")).toHaveLength(1);
});

test("a further message that is deleted is not asked", async () => {
  const room = await settling();
  await room.say(ROOT);
  await waits(room);
  const second = await room.say("Why?");
  await room.remove(second);
  await quiet(room);
  expect(questions(room)).toEqual([`Ada: ${ROOT}`]);
});

test("when the first message is deleted, the others are the question, and without them there is none", async () => {
  const room = await settling();
  const first = await room.say(ROOT);
  await waits(room);
  const second = await room.say("The code word is egret.");
  await room.say("Why?");
  await room.remove(first, "d1");
  await room.remove(second, "d2");
  await quiet(room);
  expect(questions(room)).toEqual(["Ada: Why?"]);
  const last = await room.say("Sure?");
  await room.remove(last, "d3");
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("when the first message is deleted while the team works, the others are asked anew", async () => {
  const room = await settling();
  const release = room.models.hold(({ said }) => said.at(-1)?.includes("heron") ?? false);
  const first = await room.say(ROOT);
  await room.say("Why?");
  await room.clock.advance(1_500);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.remove(first);
  await quiet(room);
  release();
  expect(questions(room).at(-1)).toBe("Ada: Why?");
  expect(room.posted("final")).toHaveLength(1);
});
