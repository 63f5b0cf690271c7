import { expect, test } from "vitest";
import { openRoom, teamOf } from "../support/parley-room.ts";

const ROOT = "The code word is heron. Why?";

test("a reply that names nobody is answered in a thread where Parley has answered before", async () => {
  const room = await openRoom();
  await room.say("Lunch?", { addressed: "thread" });
  await room.quiet();
  expect(room.events).toEqual([]);
  await room.say(ROOT);
  await room.say("And then?", { addressed: "thread" });
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
});

test("a fresh disk does not make Parley forget that it is part of a thread", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  await room.quiet();
  const [turn] = room.of("turn_started");
  await room.store.db.q("DELETE FROM turns WHERE id = $1", [turn?.turn ?? ""]);
  await room.say("And then?", { addressed: "thread" });
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
});

test("a thread that holds only a note of Parley's is not its own: nobody who goes on talking there is answered", async () => {
  const room = await openRoom();
  await room.command("budget set 1ktokens/day --channel");
  await room.say(ROOT);
  await room.quiet();
  expect(room.posted("note")).toHaveLength(1);
  expect(await room.command("budget reset --channel")).toMatchObject({ ok: true });
  // On a fresh disk only the thread itself tells.
  await room.store.db.q("DELETE FROM turns", []);
  await room.say("Never mind. Lunch?", { addressed: "thread" });
  await room.quiet();
  expect(room.events).toEqual([]);
});

test("under “listen mention” only messages that mention Parley are answered", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  expect(await room.command("listen mention")).toMatchObject({ ok: true });
  await room.say("And then?", { addressed: "thread" });
  await room.say("Parley, and now?");
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
});

test("under “listen always” every message of the channel is answered, but those for somebody else", async () => {
  const room = await openRoom();
  expect(await room.command("listen always --channel")).toMatchObject({ ok: true });
  await room.say(ROOT, { addressed: "channel" });
  await room.say("Bob, lunch?", { addressed: "none" });
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("who may do what comes from the team's file, by person and by group", async () => {
  const access = "access: { operators: ['test:crew'] }";
  const room = await openRoom(teamOf(["ann"], access));
  const asAnybody = { level: "everyone" } as const;
  expect(await room.command("listen always --channel", asAnybody)).toMatchObject({ ok: false });
  const asCrew = { ...asAnybody, groups: ["crew"] };
  expect(await room.command("listen always --channel", asCrew)).toMatchObject({ ok: true });
});
