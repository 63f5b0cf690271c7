import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { createKeyValues, openKeyValues } from "../../src/store/keyv/key-values.ts";
import { createKeyvTable } from "../../src/store/keyv/keyv-table.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { createStore, openStore } from "../../src/store/store.ts";
import { describeKeyValues } from "../contracts/key-values.ts";
import { createPostgresDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const none = (problem: unknown) => expect.unreachable(String(problem));
const openMemory = () => openStore({ dir: ":memory:", pid: 1, now: Date.now });

async function file(dir: string, onProblem: (problem: unknown) => void = none) {
  const { db } = await openMemory();
  return openKeyValues({ db, dir, onProblem });
}

describeKeyValues("a file", async () => {
  const dir = await temporaryFolder();
  return { store: await file(dir), reopen: () => file(dir) };
});

describeKeyValues("a table of the database", async () => {
  const { db } = await openMemory();
  const open = async () => createKeyValues(createKeyvTable(db), "The database", none);
  return { store: await open(), reopen: open };
});

const postgres = await createPostgresDatabase();
if (postgres)
  describeKeyValues("PostgreSQL, from two processes", async () => {
    const store = await createStore(await postgres.open(), Date.now);
    onTestFinished(() => store.close());
    const open = () => openKeyValues({ ...store, dir: "", onProblem: none });
    return { store: await open(), reopen: open };
  });

const failure = (call: Promise<unknown>) => call.catch((error: unknown) => error);

test("a failing file makes each call fail with the reason, never return a miss", async () => {
  const dir = await temporaryFolder();
  const problems: unknown[] = [];
  const store = await file(dir, (problem) => problems.push(problem));
  onTestFinished(() => store.close());
  const users = store.of("users");
  await users.set("U1", "Ada", 60_000);
  const path = join(dir, "kv.db");
  // What makes SQLite refuse at once: the table is not what it was.
  const other = new DatabaseSync(path);
  other.exec("ALTER TABLE keyv RENAME TO elsewhere");
  for (const call of [users.get("U1"), users.set("U2", "Ben", 60_000), users.take("U1")]) {
    expect(await failure(call)).toBeInstanceOf(StoreError);
  }
  expect(await failure(users.get("U1"))).toMatchObject({
    message: `${path} refused a statement (SQLite: no such table: keyv).`,
  });
  other.exec("ALTER TABLE elsewhere RENAME TO keyv");
  other.close();
  expect(await users.get("U1")).toBe("Ada");
  expect(problems).toEqual([]);
});

test("of concurrent calls, only the failed ones reject", async () => {
  const { db } = await openMemory();
  const table = createKeyvTable(db);
  const get: typeof table.get = (key) =>
    key.endsWith("broken") ? Promise.reject(new Error("connection lost")) : table.get(key);
  const users = createKeyValues({ ...table, get }, "The database", none).of("users");
  await users.set("U1", "Ada", 60_000);
  const calls = await Promise.allSettled([users.get("U1"), users.get("broken"), users.get("U1")]);
  expect(calls.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await failure(users.get("broken"))).toMatchObject({
    message: "The database refused a key-value (connection lost).",
  });
});

test("a damaged file is reported and recreated", async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "kv.db"), "not a database, ".repeat(1_000));
  const problems: string[] = [];
  const store = await file(dir, (problem) => problems.push(String(problem)));
  onTestFinished(() => store.close());
  expect(problems.join()).toMatch(/kv\.db was damaged\. Parley recreates it; it held only caches/);
  await store.of("users").set("U1", "Ada", 60_000);
  expect(await store.of("users").get("U1")).toBe("Ada");
});

test("in the database, writes delete expired values", async () => {
  const { db } = await openMemory();
  const users = createKeyValues(createKeyvTable(db), "The database", none).of("users");
  await db.q("INSERT INTO key_values (key, value, expires) VALUES ('old', 'x', 1)");
  for (let i = 0; i < 500; i++) await users.set(`U${i}`, "Ada", 60_000);
  expect(await db.q("SELECT key FROM key_values WHERE key = 'old'")).toEqual([]);
});
