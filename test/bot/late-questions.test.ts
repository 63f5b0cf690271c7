import { expect, test } from "vitest";
import { openRoom } from "../support/parley-room.ts";

const IN_ORDER = [
  expect.stringContaining("“The code word"),
  expect.stringContaining("“And then?”"),
];

/** The process of the second question leaves while it reads the thread, before it asks a model; another one starts. */
async function openBetweenTwoStarts(freshMs: number) {
  const room = await openRoom(undefined, { freshMs });
  const first = room.write("The code word is heron. Why?");
  const goOn = room.holdHistory();
  await room.say("And then?");
  await room.until(() => expect(room.of("turn_started")).toHaveLength(1));
  await room.leave();
  goOn();
  expect(room.models.asked).toEqual([]);
  return { ...room, first };
}

test("a question that comes late goes before one whose turn has started twice and asked nobody", async () => {
  const room = await openBetweenTwoStarts(0);
  const goOn = room.holdHistory();
  await room.start();
  await room.redeliver(room.first);
  goOn();
  await room.quiet();
  expect(room.posted("final")).toEqual(IN_ORDER);
});

test("a turn that starts again and has asked nobody finds the question before its own, which no event told", async () => {
  const room = await openBetweenTwoStarts(60_000);
  await room.start();
  await room.quiet();
  expect(room.posted("final")).toEqual(IN_ORDER);
});

test("a turn that has asked a model goes on when its process dies and an earlier question comes late", async () => {
  const room = await openRoom();
  const first = room.write("The code word is heron. Why?");
  const release = room.models.hold(() => true);
  await room.say("And then?");
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.leave();
  release();
  const goOn = room.holdHistory();
  await room.start();
  await room.redeliver(first);
  goOn();
  await room.quiet();
  expect(room.posted("final")).toEqual(IN_ORDER.toReversed());
});
