import { expect, test } from "vitest";
import { openRoom, type ParleyRoom } from "../../support/parley-room.ts";

const phases = (room: ParleyRoom) => room.statuses().map(({ phase }) => phase);

/** An answer is posted, and its turn over, while its status waits for room and says that somebody is at work. */
async function openBusyRoom() {
  const room = await openRoom();
  room.limitEdits(true);
  await room.say("The code word is heron. Why?");
  await room.until(() => expect(room.posted("final")).toHaveLength(1));
  await room.clock.advance(5_000);
  await room.quiet();
  expect(phases(room)).not.toEqual(["answered"]);
  return room;
}

test("a status that waited for room when its process ended is shown at rest by the next process", async () => {
  const room = await openBusyRoom();
  await room.leave();
  room.limitEdits(false);
  await room.start();
  await room.until(() => expect(phases(room)).toEqual(["answered"]));
  expect(await room.store.adapterState.of("turns").keys("")).toEqual([]);
});

test("where its process lives on, that one does", async () => {
  const room = await openBusyRoom();
  room.limitEdits(false);
  await room.clock.advance(60_000);
  await room.until(() => expect(phases(room)).toEqual(["answered"]));
  await room.until(async () =>
    expect(await room.store.adapterState.of("turns").keys("")).toEqual([]),
  );
});
