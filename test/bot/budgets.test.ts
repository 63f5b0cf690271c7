import { expect, test } from "vitest";
import { TurnId } from "../../src/ids.ts";
import { keptBack, NOTHING_KEPT_BACK } from "../support/kept-back.ts";
import { openRoom, type ParleyRoom, teamOf } from "../support/parley-room.ts";
import { ADA, CONVERSATION } from "../support/thread-platform.ts";

const ROOT = "The code word is heron. Why?";
const BOB = { id: "bob", name: "Bob", kind: "person" } as const;
const HOUR = 3_600_000;

/** A team whose turns are estimated at 30k tokens and $0.138, and take 480 tokens. */
const PRICED = ["ann", "berta"]
  .map(
    (id) =>
      `  - { id: ${id}, backend: { type: compatible, model: ${id}, base_url: "http://127.0.0.1:9/v1", price: { input: 1, output: 10 } } }`,
  )
  .join("\n");
const pricedRoom = () => openRoom(`agents:\n${PRICED}`);

/** The first turn runs, and its models keep silent until told. */
async function withTurnRunning(room: ParleyRoom) {
  const release = room.models.hold(({ said }) => said.length === 1);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  return release;
}

test("a question that does not fit is refused in its thread: which limit, what is used, when it frees up, who can lift it", async () => {
  const room = await pricedRoom();
  await room.command("budget set 0.2usd/day --channel");
  const release = await withTurnRunning(room);
  const refused = await room.say("And then?");
  expect(room.posted("note")).toEqual([
    [
      "Not answered. The limit for this channel is $0.200 a day: $0 used, $0.138 reserved for running turns; this turn is estimated at $0.138. Unused reservations are released when those turns end. The limit frees up at 00:00 UTC, in 24h00m.",
      "An admin can let the next turn through (`!budget allow`, then `!retry`) or change the limit (`!budget set`).",
    ].join("\n"),
  ]);
  await room.redeliver(refused);
  expect(room.posted("note")).toHaveLength(1);
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(await keptBack(room.store)).toEqual(NOTHING_KEPT_BACK);
});

test("what a turn really used takes the place of its estimate, and the next day begins anew", async () => {
  const room = await pricedRoom();
  await room.command("budget set 100ktokens/day --person");
  for (const text of [ROOT, "And then?", "And now?"]) {
    await room.say(text);
    await room.quiet();
  }
  expect(room.posted("final")).toHaveLength(3);
  const report = JSON.stringify(await room.command("budget show"));
  expect(report).toContain('["100k tokens a day","each person (you)","1.4k tokens"');
  await room.clock.advance(24 * HOUR);
  expect(JSON.stringify(await room.command("budget show"))).toContain('"0 tokens"');
});

test("where waiting does not help, the refusal says so", async () => {
  const room = await pricedRoom();
  await room.command("budget set 0.1usd/day --space");
  await room.say(ROOT);
  expect(room.posted("note")).toEqual([
    "Not answered. The limit for this space is $0.100 a day, and one turn of default is estimated at $0.138: waiting does not help. A smaller team may fit (`!ask --team TEAM QUESTION`).\nAn admin can let the next turn through (`!budget allow`, then `!retry`) or change the limit (`!budget set`).",
  ]);
});

test("an admin lets one more turn through, and who used that is kept", async () => {
  const room = await pricedRoom();
  await room.command("budget set 1turn/day --channel");
  for (const text of [ROOT, "And then?"]) await room.say(text);
  expect(await room.command("budget allow")).toMatchObject({
    title: "The next turn in this thread may exceed the limits, until 00:00 UTC",
  });
  await room.say("And then, please?", { author: BOB });
  await room.quiet();
  await room.say("And now?", { author: BOB });
  expect(room.posted("final")).toHaveLength(2);
  expect(room.posted("note")).toHaveLength(2);
  const history = await room.store.bindings.history("allow:test:space:channel:thread");
  expect(history.map(({ by, value }) => [by, value])).toEqual([
    ["test:bob", null],
    ["test:ada Ada", '{"turns":1,"until":86400000}'],
  ]);
});

test("what was refused can be retried once it may exceed the limits", async () => {
  const room = await openRoom();
  await room.command("budget set 1turn/day --person");
  await room.say(ROOT);
  await room.quiet();
  await room.say("And then?");
  await room.command("budget allow");
  expect(await room.command("retry")).toMatchObject({ ok: true });
  await room.quiet();
  expect(room.posted("final")[1]).toMatch(/on “And then\?”\.$/);
});

test("what may exceed the limits for a time ends with it", async () => {
  const room = await pricedRoom();
  await room.command("budget set 1turn/day --channel");
  await room.command("budget allow 2h --channel");
  for (const text of [ROOT, "And then?", "And so?"]) await room.say(text);
  await room.quiet();
  await room.clock.advance(2 * HOUR);
  await room.say("And now?");
  expect(room.posted("final")).toHaveLength(3);
  expect(room.posted("note")).toHaveLength(1);
});

test("of too many turns each person hears once a period, and others may go on", async () => {
  const room = await openRoom();
  await room.command("budget set 2turns/hour --person");
  for (const text of [ROOT, "Two?", "Three?", "Four?"]) await room.say(text);
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
  expect(room.posted("note")).toEqual([
    expect.stringContaining(
      "Not answered. The limit for each person here is 2 turns an hour, and 2 turns were taken. The limit frees up at 01:00 UTC, in 1h00m.",
    ),
  ]);
  await room.say("Mine?", { author: BOB });
  await room.quiet();
  await room.clock.advance(HOUR);
  await room.say("Mine now?");
  await room.quiet();
  expect(room.posted("final")).toHaveLength(4);
});

test("where every message is answered, a person who did not name Parley is told once", async () => {
  const room = await pricedRoom();
  await room.command("listen always --channel");
  await room.command("budget set 0.1usd/day --channel");
  for (const text of ["One.", "Two.", "Three."]) await room.say(text, { addressed: "channel" });
  expect(room.posted("note")).toHaveLength(1);
  for (const text of ["Parley, four?", "Parley, five?"]) await room.say(text);
  expect(room.posted("note")).toHaveLength(3);
});

test("retry and ask are turns too, and are told in the reply", async () => {
  const room = await openRoom();
  await room.command("budget set 1turn/day --person");
  await room.say(ROOT);
  await room.quiet();
  const refusal = { ok: false, title: "Not answered", visibleTo: "asker" };
  expect(await room.command("retry")).toMatchObject(refusal);
  expect(await room.command("ask Why?")).toMatchObject(refusal);
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("an edit that may not start the turn over leaves it running, and is told", async () => {
  const room = await openRoom();
  await room.command("budget set 1turn/day --person");
  const release = room.models.hold(({ said }) => said.length === 1);
  const message = await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.edit(message, "The code word is stork. Why?");
  release();
  await room.quiet();
  expect(room.posted("note")).toHaveLength(1);
  expect(room.posted("final")).toHaveLength(1);
});

test("a message that steers is no turn, nor is one that waited and is put to the running turn", async () => {
  const room = await openRoom();
  await room.command("budget set 2turns/day --person");
  const release = await withTurnRunning(room);
  const waiting = await room.say("Keep it short.");
  await room.command(`steer ${waiting.id}`);
  release();
  await room.quiet();
  await room.say("And now?");
  await room.quiet();
  expect(room.posted("note")).toEqual([]);
  expect(room.posted("final")).toHaveLength(2);
  expect(await keptBack(room.store)).toEqual(NOTHING_KEPT_BACK);
});

test("a message that came too late to steer is a turn, or is refused like one", async () => {
  const room = await openRoom(teamOf(["ann"], "during_turn: steer\nlimits: { rounds: 0 }"));
  await room.command("budget set 1turn/day --person");
  const release = await withOneRunning(room);
  await room.say("And how?");
  release();
  await room.quiet();
  await room.until(() =>
    expect(room.posted("note")).toEqual([
      expect.stringMatching(
        /^A message arrived after this answer closed and was not answered\. The limit for each person here is 1 turn a day/,
      ),
    ]),
  );
  expect(await keptBack(room.store)).toEqual(NOTHING_KEPT_BACK);
});

async function withOneRunning(room: ParleyRoom) {
  const release = room.models.hold(() => true);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(1));
  return release;
}

test("turns that are stopped, withdrawn, or die with their process release their reservation", async () => {
  const room = await pricedRoom();
  await room.command("budget set 10usd/day --space");
  const release = await withTurnRunning(room);
  const waiting = await room.say("And then?");
  expect(await keptBack(room.store)).toMatchObject({ turns: 2 });
  await room.remove(waiting);
  expect(await keptBack(room.store)).toMatchObject({ turns: 1 });
  await room.leave();
  expect(await keptBack(room.store)).toMatchObject({ turns: 1 });
  await room.start();
  await room.until(() => expect(room.models.asked.length).toBeGreaterThan(2));
  await room.command("stop");
  release();
  await room.quiet();
  expect(await keptBack(room.store)).toEqual(NOTHING_KEPT_BACK);
});

test("a turn that is given up releases its reservation", async () => {
  const room = await openRoom();
  await room.leave();
  const message = { id: "m0", author: ADA, text: ROOT, files: [], at: 0 };
  await room.store.messages.upsert(CONVERSATION, [message]);
  const id = TurnId.parse("t0");
  const meter = { owner: "all", period: "day:1970-01-01", endsAt: 24 * HOUR, label: "" };
  await room.store.budgets.reserve(id, {
    held: [meter],
    counted: [],
    estimate: { tokens: 500, microUsd: 700 },
  });
  const unreadable = { id, conversation: CONVERSATION, request: "m0", person: "test:ada" };
  await room.store.turns.add({ ...unreadable, team: { name: "default" } });
  await room.start();
  for (const seconds of [1, 2, 3]) await room.clock.advance(seconds * 1_000);
  await room.quiet();
  expect(await keptBack(room.store)).toEqual(NOTHING_KEPT_BACK);
  expect(await room.store.budgets.read([meter])).toMatchObject([{ turns: 1, tokens: 0 }]);
});
