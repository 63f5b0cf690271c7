import { expect, onTestFinished, test, vi } from "vitest";
import { openSqlite } from "../../../src/store/sqlite/open-sqlite.ts";
import { createBossEngine } from "../../../src/turns/engine/boss/boss-engine.ts";
import { createLocalEngine } from "../../../src/turns/engine/local-engine.ts";
import {
  type Death,
  dieAndGoOn,
  dieWhileItSettles,
  type Ground,
} from "../../support/death-story.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { createPgliteDatabases } from "../../support/pglite.ts";
import { PATIENCE } from "../../support/patience.ts";

const WHENS = ["before", "after"] as const;
const lite = createPgliteDatabases();

function openSqliteGround(): Ground {
  const clock = createFakeClock();
  const db = openSqlite(":memory:");
  onTestFinished(() => db.close());
  return {
    db,
    createEngine: createLocalEngine,
    clock,
    now: () => clock.now(),
    mostAgain: 2,
    async until(check) {
      for (let second = 0; second < 120 && !(await check()); second++) await clock.advance(1_000);
    },
  };
}

async function openPgliteGround(): Promise<Ground> {
  const db = await lite.open();
  const [row] = await db.q("SELECT to_regclass('pgboss.job') AS job");
  // Made once; what is in it was another world's.
  if (row?.["job"]) await db.q("TRUNCATE pgboss.job");
  onTestFinished(() => db.close());
  return {
    db,
    createEngine: createBossEngine,
    clock: createFastClock(5),
    now: Date.now,
    // A busy machine may keep heartbeats from arriving, and the turn begins anew once more.
    mostAgain: 4,
    until: (check) => vi.waitFor(async () => expect(await check()).toBe(true), PATIENCE),
  };
}

/** Dies at one effect after the other, or at every so many-th, until there is none left to die at; returns how many there were. */
async function dieEveryDeath(
  open: () => Ground | Promise<Ground>,
  { first = 1, every = 1, ...death }: Omit<Death, "at"> & { first?: number; every?: number },
): Promise<number> {
  for (let at = first; ; at += every) {
    if (!(await dieAndGoOn(await open(), { ...death, at }))) return at - 1;
  }
}

test.each(WHENS)(
  "a process that dies %s any of its effects leaves one status and one answer each, in order, and no finished move is asked again",
  async (when) => {
    const kinds = ["store", "step"] as const;
    expect(await dieEveryDeath(openSqliteGround, { when, kinds })).toBeGreaterThan(60);
  },
);

// For speed, every other one on either side: an event is as good as before the next one.
test.each([
  ["before", 1],
  ["after", 2],
] as const)(
  "with pg-boss, so does one that dies %s an event of a journal, a call of a model or of the platform",
  async (when, first) => {
    const death = { when, first, every: 2, kinds: ["step"] } as const;
    expect(await dieEveryDeath(openPgliteGround, death)).toBeGreaterThan(30);
  },
);

test.each(WHENS)(
  "where a process has room for one turn, one that dies %s any of its effects leaves the waiting turn one status, in which it goes on",
  async (when) => {
    const kinds = ["store", "step"] as const;
    const death = { when, kinds, isCrowded: true } as const;
    expect(await dieEveryDeath(openSqliteGround, death)).toBeGreaterThan(60);
  },
  60_000,
);

test("with pg-boss, so does one that dies before a call of the platform", async () => {
  const death = { when: "before", every: 5, kinds: ["step"], isCrowded: true } as const;
  expect(await dieEveryDeath(openPgliteGround, death)).toBeGreaterThan(20);
}, 120_000);

test.each(WHENS)(
  "a process that dies %s any of its effects while a question may still grow leaves each of its messages answered once",
  async (when) => {
    const kinds = ["store", "step"] as const;
    const die = (at: number) => dieWhileItSettles(openSqliteGround(), { when, kinds, at });
    // For speed, every other one on either side.
    const death = { at: when === "before" ? 1 : 2 };
    while (await die(death.at)) death.at += 2;
    expect(death.at).toBeGreaterThan(40);
  },
  60_000,
);
