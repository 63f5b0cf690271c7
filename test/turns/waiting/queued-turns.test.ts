import { expect, test } from "vitest";
import { PlatformError } from "../../../src/platform.ts";
import type { StatusView } from "../../../src/progress/status-view.ts";
import { phaseWords, shownNote } from "../../../src/progress/status-words.ts";
import { openRoom, type ParleyRoom, type RoomOptions, teamOf } from "../../support/parley-room.ts";
import { OTHER_THREAD } from "../../support/thread-platform.ts";

/** When a status of its own shows that a turn waits, ms. */
const SOON = 250;
const there = { conversation: OTHER_THREAD };
const QUEUED = "default is queued\nwaits for a free place, and then starts by itself";

const words = (view: StatusView): string =>
  [`${view.team} ${phaseWords(view)}`, shownNote(view)].filter(Boolean).join("\n");

/** The status messages of one question, as members read them. */
const board = (room: ParleyRoom): string | undefined => {
  const last = room.statuses().at(-1);
  return last && words(last);
};

/** Somebody's question takes the only place, and waits for its models. */
async function fullRoom(team = teamOf(["ann", "berta"]), options: RoomOptions = {}) {
  const room = await openRoom(team, { concurrency: 1, ...options });
  const release = room.models.hold(({ said }) => said.at(-1) === "Ada: First?");
  await room.say("First?");
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  return { room, release };
}

/** Another thread asks and sees that it waits. */
async function waitingRoom(team?: string, options?: RoomOptions) {
  const { room, release } = await fullRoom(team, options);
  const message = await room.say("Second?", there);
  await room.clock.advance(SOON);
  await room.until(() => expect(board(room)).toBe(QUEUED));
  return { room, release, message };
}

const turnThere = async ({ store }: ParleyRoom) => {
  const [turn] = await store.turns.recent(OTHER_THREAD, 1);
  if (!turn) throw new Error("There is no turn.");
  return turn;
};

test("a question that finds every place taken is shown as queued at once, in one status that it goes on in", async () => {
  const { room, release } = await waitingRoom();
  expect(room.statuses()).toHaveLength(2);
  expect(room.models.asked).toHaveLength(2);
  release();
  await room.quiet();
  expect(room.statuses().map(({ phase }) => phase)).toEqual(["answered", "answered"]);
  expect(room.posted("final")).toHaveLength(2);
});

test("its wait is a state of its own in the journal, and the clocks of the turn stand still meanwhile", async () => {
  const { room, release } = await waitingRoom(
    teamOf(["ann", "berta"], "limits: { turn_timeout: 400, move_timeout: 350 }"),
  );
  await room.clock.advance(320_000);
  const held = room.models.hold(({ said }) => said.at(-1) === "Ada: Second?");
  release();
  await room.until(() => expect(room.models.asked.length).toBeGreaterThan(4));
  await room.clock.advance(300_000);
  held();
  await room.quiet();
  const { id } = await turnThere(room);
  const journal = await room.store.journal.read(id);
  expect(journal.slice(0, 3)).toMatchObject([
    { type: "turn_started", at: 0 },
    { type: "turn_queued", at: 0 },
    { type: "slot_taken", at: 320_000 },
  ]);
  expect(journal.filter(({ type }) => type === "move_timed_out")).toEqual([]);
  expect(room.statuses().at(-1)).toMatchObject({ phase: "answered" });
});

test("the command status shows the wait and how long it has lasted", async () => {
  const { room } = await waitingRoom();
  await room.clock.advance(42_000);
  const reply = await room.command("status", there);
  expect(JSON.stringify(reply)).toMatch(
    /default: queued.*42s, 0 tokens, \$0\\nwaits for a free place/,
  );
});

test("a turn that waits longer than queue_timeout says what it waited for, and is never asked", async () => {
  const { room, release } = await waitingRoom(
    teamOf(["ann", "berta"], "limits: { queue_timeout: 60 }"),
  );
  await room.clock.advance(59_000);
  expect(room.posted("note")).toEqual([]);
  await room.clock.advance(2_000);
  await room.until(async () => {
    await room.clock.advance(100);
    expect(room.posted("note")).toEqual([
      "Nobody was asked, because other questions took every place. Limit reached: 60 s of waiting for room.",
    ]);
  });
  await room.until(async () => expect(await turnThere(room)).toMatchObject({ state: "done" }));
  expect(room.statuses().at(-1)).toMatchObject({ phase: "failed" });
  expect(room.models.asked).toHaveLength(2);
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("stopping a queued turn ends it at once and costs nothing, not even a turn of a budget", async () => {
  const { room, release } = await waitingRoom();
  expect(JSON.stringify(await room.command("stop", there))).not.toContain("Nothing");
  await room.until(() => expect(board(room)).toMatch(/^default stopped by Ada/));
  await room.until(async () => expect(await turnThere(room)).toMatchObject({ state: "done" }));
  release();
  await room.quiet();
  expect(room.models.asked.every(({ said }) => said.at(-1) !== "Ada: Second?")).toBe(true);
  expect((await room.store.db.q("SELECT turn FROM usage")).length).toBe(2);
  expect(await room.store.db.q("SELECT turn FROM reservations")).toEqual([]);
  expect(room.posted("note")).toEqual([]);
});

test("starting over a queued turn replaces it by one that is queued in its place", async () => {
  const { room, release } = await waitingRoom();
  await room.command("retry", there);
  await room.until(async () => {
    await room.clock.advance(SOON);
    expect(room.statuses().map(words)).toEqual([
      expect.stringContaining("is answering"),
      expect.stringContaining("replaced by a newer question"),
      QUEUED,
    ]);
  });
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
});

test("an edit of a queued question keeps its place, and only the new words are answered", async () => {
  const { room, release, message } = await waitingRoom();
  await room.edit(message, "Second, better?");
  release();
  await room.quiet();
  expect(room.posted("final")[1]).toContain("“Second, better?”");
  expect(room.statuses()).toHaveLength(2);
});

test("deleting a queued question ends its turn", async () => {
  const { room, release, message } = await waitingRoom();
  await room.remove(message);
  await room.until(async () => expect(await turnThere(room)).toMatchObject({ state: "done" }));
  expect(board(room)).toMatch(/^default stopped because the question was deleted/);
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("the turns of a queued thread keep their order, and the one behind shows no status", async () => {
  const { room, release } = await waitingRoom();
  await room.say("Third?", there);
  await room.clock.advance(5_000);
  expect(room.statuses()).toHaveLength(2);
  release();
  await room.quiet();
  expect(room.posted("final").map((text) => /“(.*?)”/.exec(text)?.[1])).toEqual([
    "First?",
    "Second?",
    "Third?",
  ]);
});

test("a process that leaves lets queued turns wait: the next one goes on with the same status, and their time begins anew", async () => {
  const { room, release } = await waitingRoom(
    teamOf(["ann", "berta"], "limits: { queue_timeout: 60 }"),
  );
  await room.clock.advance(30_000);
  await room.leave();
  await room.clock.advance(3_600_000);
  await room.start();
  await room.until(() => expect(room.models.asked).toHaveLength(4));
  await room.clock.advance(30_000);
  expect(room.posted("note")).toEqual([]);
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
  expect(room.statuses()).toHaveLength(2);
});

test("a status that the platform has no room for is posted at the next look, and the turn waits all the same", async () => {
  const { room, release } = await fullRoom();
  room.breakPosts(new PlatformError("rate_limited", "Slow down.", { retryAfterMs: 1_000 }));
  await room.say("Second?", there);
  await room.until(async () => {
    await room.clock.advance(SOON);
    expect(board(room)).toBe(QUEUED);
  });
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
});

test("a queued turn that somebody stops in another process ends at once", async () => {
  const { room, release } = await waitingRoom();
  room.reachAnother();
  await room.command("stop", there);
  await room.clock.advance(2_000);
  await room.until(() => expect(board(room)).toMatch(/^default stopped by Ada/));
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});
