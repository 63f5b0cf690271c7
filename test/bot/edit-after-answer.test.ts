import { expect, test } from "vitest";
import { openRoom } from "../support/parley-room.ts";

const HINT = "The answer is to your question as it was. `!retry` answers the edited one.";

/** A room where Ada's question has its answer. */
async function answeredRoom() {
  const room = await openRoom(undefined, { freshMs: 600_000 });
  const message = await room.say("The code word is heron. Why?");
  await room.quiet();
  return { room, message };
}

test("who edits an answered question learns once, privately, that retry answers the edited one", async () => {
  const { room, message } = await answeredRoom();
  await room.edit(message, "The code word is egret. Why?", "e1");
  await room.edit(message, "The code word is egret. Why?", "e1");
  await room.edit(message, "The code word is stork. Why?", "e2");
  expect(room.posted("note")).toEqual([HINT]);
  expect(room.whispered()).toEqual([HINT]);
  await room.command("retry");
  await room.quiet();
  expect(room.posted("final")[1]).toMatch(/^stork/);
});

test("an edit that the next process hears of once more is told once", async () => {
  const { room, message } = await answeredRoom();
  await room.edit(message, "The code word is egret. Why?", "e1");
  await room.leave();
  await room.start();
  await room.edit(message, "The code word is egret. Why?", "e1");
  expect(room.posted("note")).toEqual([HINT]);
});

test("the hint names the turn where a later question was answered since", async () => {
  const { room, message } = await answeredRoom();
  await room.say("And then?");
  await room.quiet();
  const first = room.of("turn_started")[0]?.turn;
  await room.edit(message, "The code word is egret. Why?");
  expect(room.whispered()).toEqual([HINT.replace("!retry", `!retry of ${first}`)]);
});

test("an edit says nothing of retry while another question is being answered", async () => {
  const { room, message } = await answeredRoom();
  const release = room.models.hold(({ said }) => said.at(-1) === "Ada: And then?");
  await room.say("And then?");
  await room.until(() => expect(room.of("turn_started")).toHaveLength(2));
  await room.edit(message, "The code word is egret. Why?");
  release();
  await room.quiet();
  expect(room.posted("note")).toEqual([]);
});

test("an edit of an old question, or of what was no question, says nothing", async () => {
  const { room, message } = await answeredRoom();
  const aside = room.write("By the way.");
  await room.edit(aside, "By the by.", "e1");
  await room.clock.advance(700_000);
  await room.edit(message, "The code word is egret. Why?", "e2");
  expect(room.posted("note")).toEqual([]);
});
