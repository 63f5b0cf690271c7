import { expect, test } from "vitest";
import { openRoom, teamOf } from "../support/parley-room.ts";

const ROOT = "The code word is heron. Why?";

test("a command alone is carried out and starts no turn, with its “!” or without", async () => {
  const room = await openRoom();
  await room.say("help", { addressed: "mention" });
  await room.say("team use default.", { addressed: "mention" });
  await room.quiet();
  expect(room.of("turn_started")).toEqual([]);
  expect(room.posted("note")).toEqual([
    expect.stringContaining("**Commands**"),
    expect.stringContaining("now answers in this thread"),
  ]);
});

test("“stop” alone stops the turn, and a question that begins with it is answered", async () => {
  const room = await openRoom();
  const release = room.models.hold(() => true);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.say("stop");
  release();
  await room.quiet();
  await room.say("stop words in Python?");
  await room.quiet();
  expect(room.of("turn_stopped")).toHaveLength(1);
  expect(room.posted("final")).toEqual([expect.stringContaining("“stop words in Python?”")]);
});

test("“steer by bike” tells the agents at work, written as a message and as a command", async () => {
  const room = await openRoom();
  const release = room.models.hold(() => true);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.say("steer by bike");
  expect(await room.command("steer in German")).toMatchObject({
    ok: true,
    title: "Ada sent this to the running turn",
  });
  await room.until(() =>
    expect(room.of("message_steered").map(({ message }) => message.text)).toEqual([
      "by bike",
      "in German",
    ]),
  );
  release();
  await room.quiet();
  expect(room.of("turn_started")).toHaveLength(1);
});

test("“steer by bike” is a question where nothing runs", async () => {
  const room = await openRoom();
  await room.say("steer by bike", { addressed: "mention" });
  await room.quiet();
  expect(room.posted("final")).toEqual([expect.stringContaining("“steer by bike”")]);
});

test("a text that came too late to steer becomes the next turn", async () => {
  const room = await openRoom(teamOf(["ann"], "limits: { rounds: 0 }"));
  const release = room.models.hold(() => true);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(1));
  await room.command("steer by bike");
  release();
  await room.quiet();
  const told = [...room.of("message_steered"), ...room.of("turn_started").slice(1)];
  expect(told.length).toBeGreaterThan(0);
});

test("“!listen thread” without the name, where the name is needed, says what to write", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  await room.quiet();
  await room.command("listen mention");
  const message = await room.say("!listen thread", { addressed: "thread" });
  await room.redeliver(message);
  await room.say("!play despacito", { addressed: "thread" });
  await room.quiet();
  expect(room.whispered()).toEqual([
    "In this thread Parley answers only to its name. Write `!listen thread`.",
  ]);
  expect(room.of("turn_started")).toHaveLength(1);
});
