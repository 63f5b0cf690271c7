import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { moveStore } from "../../src/store/move-store.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { createBossEngine } from "../../src/turns/engine/boss/boss-engine.ts";
import { createLocalEngine } from "../../src/turns/engine/local-engine.ts";
import { asking, engineOptions, heldRun, turnOf } from "../contracts/engine-bench.ts";
import { startParley } from "../e2e/parley-process.ts";
import { createPostgresDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PATIENCE } from "../support/patience.ts";

const server = await createPostgresDatabase();
const own = test.skipIf(!server);

/** A data folder in which one turn has ended, one was running when its process died, and one waits; and an empty database. */
async function openRoom() {
  const db = await (server ?? expect.unreachable()).open();
  await db.close();
  const dir = await temporaryFolder();
  const url = server?.url ?? "";
  const openSource = () => openStore({ dir, pid: 1, now: Date.now });
  const openTarget = () => openStore({ dir: "", pid: 1, now: Date.now, url });
  const store = await openSource();
  const engine = createLocalEngine(engineOptions(store));
  const bench = { store, engine: () => engine, close: async () => undefined };
  const ask = asking(bench, engine);
  const turns = [];
  for (const text of ["ended", "died", "waits"]) turns.push(turnOf(await ask(text)));
  const [ended, died] = turns;
  for (const turn of [ended, died]) if (turn) await store.turns.start(turn);
  if (ended) await store.turns.finish(ended, 1, "completed");
  if (died) await store.journal.append(died, 1, [{ type: "time_passed", at: 1 }]);
  await store.close();
  const from = join(dir, "parley.db");
  const move = () => moveStore({ from, to: url, pid: 1, now: () => 1_764_000_000_000 });
  return { dir, from, url, openSource, openTarget, move };
}

const rowsOf = (report: Awaited<ReturnType<typeof moveStore>>) =>
  Object.fromEntries(report.tables.map(({ name, rows }) => [name, rows]));

own("the move copies all rows, and a second run changes nothing and reports that", async () => {
  const { move, openTarget } = await openRoom();
  const first = await move();
  expect(first).toMatchObject({ movedBefore: null, unfinished: 2 });
  expect(rowsOf(first)).toMatchObject({ claims: 3, messages: 3, turns: 3, journal: 1, origins: 1 });
  const target = await openTarget();
  const before = await target.db.q("SELECT * FROM turns ORDER BY seq");
  expect(await move()).toEqual({ ...first, movedBefore: 1_764_000_000_000 });
  expect(await target.db.q("SELECT * FROM turns ORDER BY seq")).toEqual(before);
  await target.close();
});

/** Tables that are not copied, on purpose: each database counts its own migrations. */
const LEFT_OUT = ["migrations"];

/** A row of its kind in every table that is empty, whatever it is for. */
async function fillTables({ db }: Store): Promise<readonly string[]> {
  const all = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  const tables = (await db.q(all)).map((row) => String(row["name"]));
  for (const table of tables) {
    if ((await db.q(`SELECT 1 FROM ${table}`)).length > 0) continue;
    const columns = await db.q(`SELECT name, type FROM pragma_table_info('${table}')`);
    const values = columns.map(({ type }) => VALUES[String(type)] ?? expect.unreachable());
    const places = values.map((_, i) => `$${i + 1}`);
    await db.q(`INSERT INTO ${table} VALUES (${places.join(", ")})`, values);
  }
  return tables;
}

const VALUES: Readonly<Record<string, string | number>> = {
  TEXT: "“Wörter”, 'quoted'",
  BIGINT: Number.MAX_SAFE_INTEGER,
  "DOUBLE PRECISION": 0.1,
};

/** What a table holds, in one order and one way of writing numbers. */
const contents = async ({ db }: Store, table: string) =>
  (await db.q(`SELECT * FROM ${table}`))
    .map((row) => Object.entries(row).map(([name, cell]) => `${name}: ${String(cell)}`))
    .map((cells) => cells.toSorted((a, b) => (a < b ? -1 : 1)).join(", "))
    .toSorted((a, b) => (a < b ? -1 : 1));

own("every table is copied, cell by cell, but those left out on purpose", async () => {
  const { move, openSource, openTarget } = await openRoom();
  const source = await openSource();
  const tables = await fillTables(source);
  expect(tables).toEqual(expect.arrayContaining(["choices", "reservations", ...LEFT_OUT]));
  const copied = tables.filter((name) => !LEFT_OUT.includes(name));
  const wanted = [];
  for (const name of copied) wanted.push([name, await contents(source, name)]);
  await source.close();
  await move();
  const target = await openTarget();
  const found = [];
  for (const name of copied) found.push([name, await contents(target, name)]);
  await target.close();
  expect(found).toEqual(wanted);
});

own(
  "turns that had not ended are run there, in order, the interrupted one from its journal",
  async () => {
    const { move, openTarget } = await openRoom();
    await move();
    const store = await openTarget();
    const { begun, run } = heldRun();
    const engine = createBossEngine(engineOptions(store));
    await engine.start(run);
    onTestFinished(async () => {
      await engine.drain(0);
      await store.close();
    });
    await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
    expect(begun[0]?.turn).toMatchObject({ request: "died", epoch: 2 });
    expect(await store.journal.read(begun[0]?.turn.id ?? expect.unreachable())).toHaveLength(1);
    begun[0]?.end();
    await vi.waitFor(() => expect(begun).toHaveLength(2), PATIENCE);
    expect(begun[1]?.turn).toMatchObject({ request: "waits", epoch: 1 });
  },
);

own("a failed move leaves nothing behind and can be repeated", async () => {
  const { move, openTarget } = await openRoom();
  const target = await openTarget();
  await target.db.q(
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'",
  );
  await target.db.q("CREATE TRIGGER refuse BEFORE INSERT ON turns EXECUTE FUNCTION refuse()");
  await expect(move()).rejects.toThrow("refused a statement (PostgreSQL: no)");
  expect(await target.db.q("SELECT * FROM claims")).toEqual([]);
  await target.db.q("DROP TRIGGER refuse ON turns");
  await target.close();
  expect(rowsOf(await move())).toMatchObject({ claims: 3, turns: 3 });
});

own("a database that holds other data is left alone", async () => {
  const { move, openTarget } = await openRoom();
  const target = await openTarget();
  await target.claims.take("an event");
  await expect(move()).rejects.toThrow(
    "holds other data: claims has 1 rows. Nothing was changed. Move into an empty database.",
  );
  expect(await target.turns.queued(null)).toBe(0);
  await target.close();
});

own("a file that Parley is using is not moved", async () => {
  const { move, openSource, dir } = await openRoom();
  const source = await openSource();
  await expect(move()).rejects.toThrow(`is using the data folder ${dir}. Stop it`);
  await source.close();
});

own(
  "a file that was moved is not started on again, unless somebody wants that; then it is not taken for moved",
  async () => {
    const { move, openSource, from } = await openRoom();
    await move();
    await expect(openSource()).rejects.toThrow(
      `${from} is not in use any more. Moved to PostgreSQL (${server?.name} on `,
    );
    await rm(`${from}.moved`);
    const source = await openSource();
    const engine = createLocalEngine(engineOptions(source));
    const bench = { store: source, engine: () => engine, close: async () => undefined };
    await asking(bench, engine)("later");
    await source.close();
    await expect(move()).rejects.toThrow("1 of its turns are missing there. Nothing was changed.");
  },
);

own("`parley migrate` says what was moved", async () => {
  const { dir, from, url } = await openRoom();
  const env = { PARLEY_DATA: dir, DATABASE_URL: url };
  const parley = startParley({ args: ["migrate"], env });
  expect(await parley.exited).toBe(0);
  expect(parley.output()).toContain(`Moved ${from} to PostgreSQL (${server?.name} on `);
  expect(parley.output()).toMatch(/\n {2}turns +3\n/);
  expect(parley.output()).toContain(
    "2 turns not finished: the first Parley that starts on the new database",
  );
  const again = startParley({ args: ["migrate", "--from", from, "--to", url], env: {} });
  expect(await again.exited).toBe(0);
  expect(again.output()).toMatch(/^Nothing to do: .* was moved to .* before \(20/);
});

test("a file from another program is refused, and nothing is written into it or beside it", async () => {
  const dir = await temporaryFolder();
  const [other, text] = [join(dir, "other.db"), join(dir, "notes.txt")];
  const file = new DatabaseSync(other);
  file.exec("CREATE TABLE notes (text TEXT)");
  file.close();
  await writeFile(text, "No database at all.\n".repeat(100));
  const to = "postgres://127.0.0.1:1/parley";
  const move = (from: string) => moveStore({ from, to, pid: 1, now: Date.now });
  const before = await readFile(other);
  await expect(move(other)).rejects.toThrow(
    `${other} is not a Parley database. Name its parley.db`,
  );
  await expect(move(text)).rejects.toThrow(`${text} is not a database`);
  await expect(move(dir)).rejects.toThrow(dir);
  expect((await readdir(dir)).toSorted()).toEqual(["notes.txt", "other.db"]);
  expect(await readFile(other)).toEqual(before);
});

test("the error names a missing file or target", async () => {
  const dir = await temporaryFolder();
  const args = ["migrate", "--to", "postgres://db/parley"];
  const absent = startParley({ args, env: { PARLEY_DATA: dir } });
  expect(await absent.exited).toBe(2);
  expect(absent.errors()).toBe(
    `parley: There is no database ${dir}/parley.db. Name the file with --from.\n`,
  );
  const nowhere = startParley({ args: ["migrate"], env: { PARLEY_DATA: dir } });
  await nowhere.exited;
  expect(nowhere.errors()).toContain("No target database. Set DATABASE_URL");
});
