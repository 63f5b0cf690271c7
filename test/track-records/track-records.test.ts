import { expect, test } from "vitest";
import { TurnId } from "../../src/ids.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { createLearner } from "../../src/track-records/learner.ts";
import type { TurnRecord } from "../../src/track-records/turn-record.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import type { Asked, Reply } from "../support/model-script.ts";
import { openRoom, type ParleyRoom, teamOf } from "../support/parley-room.ts";
import { ADA, CONVERSATION } from "../support/thread-platform.ts";

/** Three models, of which the last one never agrees with the others. */
const TEAM = ["ann", "berta", "carl"];
const claiming =
  (claim: string) =>
  ({ kind, model, shown }: Asked): Reply =>
    kind === "review"
      ? {
          call: "vote",
          values: {
            scores: shown.map(({ label }) => ({ answer: label, score: 5 })),
            reason: "",
            objection: "",
            objection_to: "",
          },
        }
      : { text: `${model} says ${claim}.\n\nClaim: ${claim}` };

async function openTeam(settings = ""): Promise<ParleyRoom> {
  const room = await openRoom(teamOf(TEAM, `limits: { rounds: 1 }\n${settings}`));
  for (const [at, model] of TEAM.entries()) {
    room.models.script(model, claiming(at < 2 ? "7" : "8"));
  }
  return room;
}

async function ask(room: ParleyRoom, times = 1): Promise<void> {
  for (let time = 0; time < times; time++) {
    const before = room.of("turn_ended").length;
    await room.say(`Question ${before}: how many?`);
    await room.until(() => expect(room.of("turn_ended")).toHaveLength(before + 1));
    await room.quiet();
  }
}

const startsOf = (room: ParleyRoom) => room.of("turn_started");

/** Long enough for what a turn taught. */
async function learned(room: ParleyRoom, turns: number): Promise<void> {
  await room.clock.advance(6_000);
  await room.until(async () =>
    expect((await room.parley.ports.trackRecords.board(spaceOf()))?.turns).toBe(turns),
  );
}

function spaceOf() {
  const [platform = "", space = ""] = CONVERSATION.split(":");
  return { platform, space };
}

test("a turn tells which models agreed, and holds no word of anybody", async () => {
  const room = await openTeam();
  await ask(room);
  const [record] = await room.store.trackRecords.list(spaceOf(), 10);
  expect(record?.results).toEqual([["compatible:ann", "compatible:berta"], ["compatible:carl"]]);
  expect(record?.posted).toBe(0);
  expect(record?.reads.map(({ model }) => model)).toEqual(
    TEAM.map((model) => `compatible:${model}`),
  );
  const stored = await room.store.db.q("SELECT record FROM turn_records");
  expect(JSON.stringify(stored)).not.toMatch(/Question|how many|says|Ada/);
});

test("what was learned is there for the next turn, journaled with it, and not before", async () => {
  const room = await openTeam();
  await ask(room, 12);
  expect(startsOf(room).every(({ skills }) => skills === undefined)).toBe(true);
  await learned(room, 12);
  await ask(room);
  const { skills = {} } = startsOf(room).at(-1) ?? {};
  expect(Object.keys(skills)).toEqual(TEAM);
  expect(skills["ann"]).toBeGreaterThan(0);
  expect(skills["carl"]).toBeLessThan(skills["ann"] ?? 0);
});

test("a team that turns the scoreboard off, or asks for no more than public comparisons, does not use what was learned", async () => {
  for (const kind of ["off", "prior"]) {
    const room = await openTeam(`scoreboard: ${kind}`);
    await ask(room, 12);
    await learned(room, 12);
    await ask(room);
    expect(startsOf(room).at(-1)?.skills).toBeUndefined();
  }
});

test("public comparisons count from the first turn on", async () => {
  const team = teamOf(["gpt-4o-mini", "gpt-5"], "scoreboard: prior");
  const room = await openRoom(team);
  await ask(room);
  const { skills = {} } = startsOf(room)[0] ?? {};
  expect(skills["gpt-5"]).toBeGreaterThan(0.5);
  expect(skills["gpt-4o-mini"]).toBeLessThan(-0.5);
});

test("a mark on an answer is learned from, and leaves the turn's tally as it was", async () => {
  const room = await openTeam();
  await ask(room);
  await learned(room, 1);
  const turn = TurnId.parse(startsOf(room)[0]?.turn);
  const tablesOf = async () =>
    (await room.command("why")).blocks.filter(({ type }) => type === "table");
  const before = await tablesOf();
  const mark = { conversation: CONVERSATION, turn, person: ADA, eventId: "click" } as const;
  await room.parley.intake.feedback({ ...mark, verdict: "up" });
  await room.clock.advance(6_000);
  await room.until(async () => {
    const board = await room.parley.ports.trackRecords.board(spaceOf());
    expect(board?.models.find(({ model }) => model === "compatible:ann")?.ups).toBe(1);
    expect(board?.models.find(({ model }) => model === "compatible:carl")?.ups).toBe(0);
  });
  expect(await tablesOf()).toEqual(before);
});

test("a process that leaves learns what is due, and one that starts what another left", async () => {
  const room = await openTeam();
  await ask(room, 2);
  await room.leave();
  expect((await room.store.trackRecords.board(spaceOf()))?.turns).toBe(2);
  await room.store.db.q("DELETE FROM track_boards");
  await room.start();
  await learned(room, 2);
});

test("a reset forgets the turns, and the next ones teach anew", async () => {
  const room = await openTeam();
  await ask(room, 3);
  await learned(room, 3);
  await room.command("stats models reset yes", { level: "admin" });
  expect(await room.store.trackRecords.list(spaceOf(), 10)).toEqual([]);
  await ask(room);
  await learned(room, 1);
});

const record: TurnRecord = { results: [["a", "b"], ["c"]], posted: 0, reads: [] };

/** A learner on a store with one record. */
async function openLearner(store: Store) {
  const clock = createFakeClock();
  const problems: unknown[] = [];
  const learner = createLearner({
    store,
    clock,
    prior: () => 0,
    onProblem: (problem) => problems.push(problem),
  });
  return { clock, problems, learner };
}

async function openRecords(): Promise<Store> {
  const store = await openStore({ dir: ":memory:", pid: 1, now: () => 1 });
  await store.trackRecords.add(TurnId.parse("t"), CONVERSATION, record);
  return store;
}

test("one process learns at a time; another waits until it is done, and then learns too", async () => {
  const store = await openRecords();
  const { clock, learner, problems } = await openLearner(store);
  const other = await store.db.lock("track records");
  learner.soon(spaceOf());
  learner.soon(spaceOf());
  await clock.advance(10_000);
  expect(await store.trackRecords.board(spaceOf())).toBeNull();
  await other?.release();
  await clock.advance(20_000);
  expect(await store.trackRecords.board(spaceOf())).toMatchObject({ turns: 1 });
  expect(problems).toEqual([]);
  await learner.stop();
  await store.close();
});

test("a store that is away while it learns is reported, and the next turn's end tries again", async () => {
  const store = await openRecords();
  const failing = {
    ...store,
    trackRecords: { ...store.trackRecords, list: () => Promise.reject(new Error("away")) },
  };
  const { clock, learner, problems } = await openLearner(failing);
  learner.soon(spaceOf());
  await clock.advance(10_000);
  expect(problems.map(String)).toEqual(["Error: away"]);
  learner.soon(spaceOf());
  await learner.stop();
  expect(problems).toHaveLength(2);
  expect(await store.db.lock("track records")).not.toBeNull();
  await store.close();
});
