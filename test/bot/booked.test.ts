import { expect, test } from "vitest";
import { PlatformError } from "../../src/platform.ts";
import { keptBack, NOTHING_KEPT_BACK } from "../support/kept-back.ts";
import { openRoom, type ParleyRoom } from "../support/parley-room.ts";

/** A team of two with prices, whose turns take 480 tokens. */
const pricedRoom = (settings = "") =>
  openRoom(
    [
      "agents:",
      ...["ann", "berta"].map(
        (id) =>
          `  - { id: ${id}, backend: { type: compatible, model: ${id}, base_url: "http://127.0.0.1:9/v1", price: { input: 1, output: 10 } } }`,
      ),
      settings,
    ].join("\n"),
  );

/** The first turn runs, and its models keep silent until told. */
async function withTurnRunning(room: ParleyRoom) {
  const release = room.models.hold(({ said }) => said.length === 1);
  await room.say("The code word is heron. Why?");
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  return release;
}

test("a turn whose answer could not be posted is booked at what it used, and its usage is recorded", async () => {
  const room = await pricedRoom();
  await room.command("budget set 100ktokens/day --person");
  const release = await withTurnRunning(room);
  const usage = () => room.store.db.q("SELECT agent FROM usage", []);
  room.breakPosts(new PlatformError("rejected", "channel_is_archived", { about: "place" }));
  release();
  await room.until(async () => expect(await usage()).toHaveLength(2));
  expect(room.posted("final")).toEqual([]);
  expect(await keptBack(room.store)).toEqual(NOTHING_KEPT_BACK);
  expect(JSON.stringify(await room.command("budget show"))).toContain('"480 tokens"');
  await room.clock.advance(60_000);
  await room.quiet();
  expect(room.posted("final")).toEqual([]);
  expect(await usage()).toHaveLength(2);
  expect(JSON.stringify(await room.command("budget show"))).toContain('"480 tokens"');
});

test("a message that no move has seen finds what the turn before it did not use", async () => {
  const settings = "during_turn: steer\nlimits: { rounds: 0 }";
  const room = await pricedRoom(settings);
  // One turn of this team is estimated at $0.044: two do not fit, unless the first is booked at what it used.
  await room.command("budget set 0.06usd/day --channel");
  const release = await withTurnRunning(room);
  await room.say("And then?");
  release();
  await room.quiet();
  expect(room.of("turn_closed")[0]).toMatchObject({ unseen: [expect.any(String)] });
  expect(room.posted("note")).toEqual([]);
  expect(room.posted("final")).toHaveLength(2);
});
