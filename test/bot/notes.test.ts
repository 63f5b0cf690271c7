import { expect, test } from "vitest";
import { PlatformError } from "../../src/platform.ts";
import { openRoom } from "../support/parley-room.ts";

const away = new PlatformError("unknown", "HTTP 503");
const busy = new PlatformError("rate_limited", "429", { retryAfterMs: 5_000 });

test("a question that is refused while the platform fails is told why, once, as soon as that is over", async () => {
  const room = await openRoom();
  await room.command("budget set 1turn/day --channel");
  await room.say("The code word is heron. Why?");
  await room.quiet();
  room.breakPosts(away, busy, away);
  const refused = room.say("And then?");
  await room.clock.advance(1_000);
  const message = await refused;
  await room.redeliver(message);
  expect(room.posted("note")).toEqual([]);
  await room.clock.advance(20_000);
  expect(room.posted("note")).toEqual([expect.stringContaining("Not answered. The limit for")]);
  expect(room.problems).toEqual([]);
});

test("so is a command that stands in a message answered", async () => {
  const room = await openRoom();
  room.breakPosts(away);
  const asked = room.say("!version");
  await room.clock.advance(1_000);
  await asked;
  await room.clock.advance(20_000);
  expect(room.posted("note")).toEqual([expect.stringContaining("Parley test")]);
});

test("a note that the platform will not have is a problem in the log, and the message counts as taken", async () => {
  const room = await openRoom();
  room.breakPosts(new PlatformError("rejected", "is_archived"));
  await room.say("!version");
  expect(room.posted("note")).toEqual([]);
  expect(room.problems).toEqual([expect.stringContaining("The note could not be posted")]);
});

test("of too many turns a day each person hears once an hour, and at once when the limit has changed", async () => {
  const room = await openRoom();
  await room.command("budget set 1turn/day --channel");
  for (const text of ["One?", "Two?", "Three?"]) await room.say(text);
  await room.quiet();
  expect(room.posted("note")).toHaveLength(1);
  await room.clock.advance(3_600_000);
  await room.say("Four?");
  expect(room.posted("note")).toHaveLength(2);
  await room.command("budget set 2turns/day --channel");
  for (const text of ["Five?", "Six?"]) await room.say(text);
  await room.quiet();
  expect(room.posted("note")[2]).toContain("The limit for this channel is 2 turns a day");
});
