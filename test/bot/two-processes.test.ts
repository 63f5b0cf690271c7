import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { systemClock } from "../../src/clock.ts";
import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import { createParley } from "../../src/parley/parley.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import { createStore } from "../../src/store/store.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createBossEngine } from "../../src/turns/engine/boss/boss-engine.ts";
import { textOf } from "../commands/room.ts";
import { teamOf, unsettled } from "../support/parley-room.ts";
import { createPostgresDatabase } from "../support/postgres.ts";
import { createScriptedModels } from "../support/scripted-models.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { createThreadPlatform } from "../support/thread-platform.ts";
import { PATIENCE } from "../support/patience.ts";

const server = await createPostgresDatabase();
const until = (check: () => void | Promise<void>) => vi.waitFor(check, PATIENCE);

/** Two Parleys, each with its own connections to one PostgreSQL, in one thread. */
async function openTwo(database: NonNullable<typeof server>) {
  const { url } = database;
  // Emptied.
  await (await database.open()).close();
  const dir = await temporaryFolder();
  await writeFile(join(dir, "default.yaml"), unsettled(teamOf(["ann", "berta"])));
  const thread = createThreadPlatform();
  const problems: string[] = [];
  const models = createScriptedModels();
  const open = async () => {
    const store = await createStore(await openPostgres(url), Date.now);
    const book = await createTeamBook({ dirs: [dir], env: {}, clock: systemClock, watch: null });
    const events: TurnEvent[] = [];
    const parley = createParley({
      store,
      book,
      backends: models,
      catalogue: createCatalogue(),
      env: {},
      clock: systemClock,
      wallClock: Date.now,
      createEngine: createBossEngine,
      version: "Parley test",
      listener: {
        turnEvent: (_, event) => void events.push(event),
        turnDone: () => {},
        problem: (problem) => void problems.push(String(problem)),
      },
    });
    await parley.serve([thread.platform]);
    onTestFinished(async () => {
      models.openAll();
      await parley.stop(0);
      await store.close();
    });
    return { parley, events, store };
  };
  const [one, other] = [await open(), await open()];
  const release = models.hold(({ kind, said }) => kind === "review" && said.length === 1);
  await thread.say("The code word is heron. Why?");
  await until(() => expect(models.asked).toHaveLength(4));
  const [runner, idle] = one.events.length > 0 ? [one, other] : [other, one];
  thread.reach(idle.parley.intake);
  const quiet = () => until(async () => expect(await idle.store.turns.lanes()).toEqual([]));
  return { ...thread, models, runner, idle, release, quiet, problems };
}

test.skipIf(server === null)(
  "whoever does not run a turn chooses, looks, steers and waits in it",
  async () => {
    if (!server) return;
    const { runner, idle, release, quiet, ...room } = await openTwo(server);
    expect(textOf(await room.command("status"))).toMatch(/^default: reviewing/);
    expect(await room.command("prefer berta")).toMatchObject({ ok: true });
    await until(() =>
      expect(runner.events.filter(({ type }) => type === "preference_given")).toHaveLength(1),
    );
    const waiting = await room.say("Keep it short.");
    await until(() => expect(room.statuses()[0]).toMatchObject({ queued: 1 }));
    expect(await room.command(`steer ${waiting.id}`)).toMatchObject({ ok: true });
    await until(() => expect(room.statuses()[0]).toMatchObject({ queued: 0 }));
    await until(() =>
      expect(runner.events.filter(({ type }) => type === "message_steered")).toHaveLength(1),
    );
    release();
    await quiet();
    expect(room.posted("final")).toHaveLength(1);
    expect(idle.events).toEqual([]);
    expect(room.problems).toEqual([]);
  },
);

test.skipIf(server === null)(
  "whoever does not run a turn stops it, and a deletion ends the next",
  async () => {
    if (!server) return;
    const { quiet, ...room } = await openTwo(server);
    expect(await room.command("stop")).toMatchObject({ ok: true, title: "Stopped by Ada" });
    await until(() => expect(room.statuses()[0]).toMatchObject({ phase: "stopped" }));
    await quiet();
    room.models.hold(({ said }) => said.at(-1) === "Ada: Never mind");
    const unwanted = await room.say("Never mind");
    await until(() => expect(room.statuses()).toHaveLength(2));
    await room.remove(unwanted);
    await quiet();
    expect(room.statuses()[1]).toMatchObject({ phase: "stopped" });
    expect(room.posted("final")).toEqual([]);
    expect(room.problems).toEqual([]);
  },
);
