import { expect, test } from "vitest";
import type { Person } from "../../src/platform.ts";
import { questions, quiet, ROOT, settling, waits } from "../support/settling-room.ts";

const BEN: Person = { id: "ben", name: "Ben", kind: "person" };

test("three messages of one person within a few seconds are one question", async () => {
  const room = await settling();
  await room.say(ROOT);
  await waits(room);
  await room.say("Why?");
  await room.say("In German");
  await waits(room);
  await quiet(room);
  expect(questions(room)).toEqual([`Ada: ${ROOT}\n\nWhy?\n\nIn German`]);
  expect(room.posted("final")).toHaveLength(1);
  expect(room.problems).toEqual([]);
});

test("the status is there at once, and the agents are asked when nothing more comes", async () => {
  const room = await settling();
  await room.say(ROOT);
  await waits(room);
  await room.clock.advance(1_499);
  await waits(room);
  await room.clock.advance(1);
  await room.until(() => expect(room.models.asked).not.toEqual([]));
  await quiet(room);
});

test("each further message lets the turn wait anew, three times as long in all", async () => {
  const room = await settling();
  await room.say(ROOT);
  await waits(room);
  for (const text of ["One", "Two", "Three", "Four"]) {
    await room.clock.advance(1_000);
    await room.say(text);
  }
  await room.clock.advance(499);
  await waits(room);
  await room.clock.advance(1);
  await room.until(() => expect(room.models.asked).not.toEqual([]));
  await room.say("Five");
  await quiet(room);
  expect(questions(room)[0]).toBe(`Ada: ${ROOT}\n\nOne\n\nTwo\n\nThree\n\nFour`);
  expect(room.posted("final")).toHaveLength(2);
});

test("a later turn reads the messages as the person wrote them", async () => {
  const room = await settling();
  await room.say(ROOT);
  await room.say("Why?");
  await quiet(room);
  await room.say("And then?");
  await quiet(room);
  expect(room.models.asked.at(-1)?.said).toEqual([`Ada: ${ROOT}`, "Ada: Why?", "Ada: And then?"]);
});

test("another person's message is a turn of its own", async () => {
  const room = await settling();
  await room.say(ROOT);
  await waits(room);
  await room.say("And who am I?", { author: BEN });
  await room.say("Why?");
  await quiet(room);
  await quiet(room);
  expect(questions(room)).toEqual([`Ada: ${ROOT}\n\nWhy?`, "Ben: And who am I?"]);
});

test("a message that names Parley again is a turn of its own, which what follows belongs to", async () => {
  const room = await settling();
  await room.say(ROOT, { addressed: "mention" });
  await waits(room);
  await room.say("@Parley And who am I?", { addressed: "mention" });
  await room.say("In German");
  await quiet(room);
  await quiet(room);
  expect(questions(room)).toEqual([`Ada: ${ROOT}`, "Ada: @Parley And who am I?\n\nIn German"]);
  expect(room.posted("final")).toHaveLength(2);
});

test("messages that a person wrote minutes apart are turns of their own, even if they arrive together", async () => {
  const room = await settling();
  await room.say(ROOT, { at: 1 });
  await room.say("Why?", { at: 120_000 });
  await quiet(room);
  await quiet(room);
  expect(room.posted("final")).toHaveLength(2);
});

test("a message that is delivered again is read once", async () => {
  const room = await settling();
  await room.say(ROOT);
  const second = await room.say("Why?");
  await room.redeliver(second);
  await quiet(room);
  await room.redeliver(second);
  await quiet(room);
  expect(questions(room)).toEqual([`Ada: ${ROOT}\n\nWhy?`]);
});

test("a command is carried out at once, and is no part of the question", async () => {
  const room = await settling();
  await room.say(ROOT);
  await waits(room);
  await room.say("!version");
  expect(room.posted("note")).toEqual([expect.stringContaining("Parley test")]);
  await quiet(room);
  expect(questions(room)).toEqual([`Ada: ${ROOT}`]);
});

test("a question that is written as a command does not wait", async () => {
  const room = await settling();
  await room.say(`!ask ${ROOT}`);
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("a long message that ends with a full stop does not wait", async () => {
  const room = await settling();
  await room.say(`The code word is heron. ${"Say all that you know of it. ".repeat(5)}`);
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("what was asked can be stopped before the agents are asked", async () => {
  const room = await settling();
  await room.say(ROOT);
  await waits(room);
  await room.say("Why?");
  expect(await room.command("stop")).toMatchObject({ ok: true });
  await room.quiet();
  expect(room.models.asked).toEqual([]);
  expect(room.statuses()).toMatchObject([{ phase: "stopped" }]);
});

test("with `steer` and `restart`, a further message is part of the question until the agents are asked", async () => {
  for (const during of ["steer", "restart"]) {
    const room = await settling(`settle: 1.5\nduring_turn: ${during}`);
    await room.say(ROOT);
    await waits(room);
    await room.say("Why?");
    await quiet(room);
    expect(questions(room)).toEqual([`Ada: ${ROOT}\n\nWhy?`]);
    expect(room.of("turn_stopped")).toEqual([]);
  }
});

test("with `settle: 0`, each message is a turn of its own", async () => {
  const room = await settling("settle: 0");
  await room.say(ROOT);
  await room.say("Why?");
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
});

test("`retry` asks all messages of the question again", async () => {
  const room = await settling();
  await room.say(ROOT);
  await room.say("Why?");
  await quiet(room);
  expect(await room.command("retry")).toMatchObject({ ok: true });
  await room.quiet();
  expect(questions(room)).toEqual([`Ada: ${ROOT}\n\nWhy?`, `Ada: ${ROOT}\n\nWhy?`]);
});

test("a process that leaves while a turn waits loses nothing: the next one waits out the rest", async () => {
  const room = await settling("settle: 30");
  await room.say(ROOT);
  await waits(room);
  await room.say("Why?");
  await room.leave();
  await room.start();
  await room.say("In German");
  await room.clock.advance(20_000);
  expect(room.models.asked).toEqual([]);
  await room.clock.advance(30_000);
  await room.quiet();
  expect(questions(room)).toEqual([`Ada: ${ROOT}\n\nWhy?\n\nIn German`]);
  expect(room.of("turn_started")).toHaveLength(1);
});

test("a message that comes through another process is part of the question", async () => {
  const room = await settling();
  await room.say(ROOT);
  await waits(room);
  room.reachAnother();
  await room.say("Why?");
  await quiet(room);
  expect(questions(room)).toEqual([`Ada: ${ROOT}\n\nWhy?`]);
});

test("messages that belong together wait together behind a turn, and steer it together", async () => {
  const room = await settling();
  const release = room.models.hold(({ said }) => said.at(-1) === `Ada: ${ROOT}`);
  await room.say(ROOT);
  await room.clock.advance(1_500);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.say("By bike");
  await room.say("not by train");
  expect(await room.store.turns.queued(null)).toBe(1);
  expect(await room.command("steer")).toMatchObject({ ok: true });
  expect(await room.store.turns.queued(null)).toBe(0);
  release();
  await quiet(room);
  const words = room.models.asked.map((asked) => asked.words).join("\n");
  expect(words).toContain("By bike\n\nnot by train");
});
