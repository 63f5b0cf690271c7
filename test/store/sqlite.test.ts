import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import { databaseContract } from "../contracts/database.ts";
import { storeContract } from "../contracts/store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const newFile = async () => join(await temporaryFolder(), "parley.db");

databaseContract("SQLite in memory", async () => openSqlite(":memory:"));
storeContract("SQLite", async () => openSqlite(":memory:"));
databaseContract("SQLite in a file", async () => openSqlite(await newFile()));

test("a statement that would deadlock with its own transaction is refused", async () => {
  const db = openSqlite(":memory:");
  await expect(db.tx(() => db.q("SELECT 1"))).rejects.toThrow("must use its t");
});

test("a statement outside the transaction waits until the transaction ends", async () => {
  const db = openSqlite(":memory:");
  const order: string[] = [];
  const done = db.tx(async (t) => {
    await t.q("SELECT 1");
    await new Promise((resolve) => setImmediate(resolve));
    order.push("transaction");
  });
  await Promise.all([done, db.q("SELECT 1").then(() => order.push("statement"))]);
  expect(order).toEqual(["transaction", "statement"]);
});

test("every commit is on disk before it is reported: WAL with synchronous=FULL", async () => {
  const db = openSqlite(await newFile());
  expect(await db.q("PRAGMA journal_mode")).toMatchObject([{ journal_mode: "wal" }]);
  expect(await db.q("PRAGMA synchronous")).toMatchObject([{ synchronous: 2 }]);
  await db.close();
});

test("the error for a file that is not a database names it and says what to do", async () => {
  const path = await newFile();
  writeFileSync(path, "this is not a database ".repeat(100));
  expect(() => openSqlite(path)).toThrow(
    `${path} is not a database, or a torn one. Restore a backup`,
  );
});

test("a damaged file is detected at the start", async () => {
  const path = await newFile();
  const db = openSqlite(path);
  await db.q("CREATE TABLE filled (text TEXT)");
  await db.q("INSERT INTO filled VALUES ($1)", ["x".repeat(100_000)]);
  await db.close();
  truncateSync(path, 40_960);
  expect(() => openSqlite(path)).toThrow(/is damaged.*Restore a backup/s);
});

test("a file locked by another program is reported as locked, and nothing is written", async () => {
  const path = await newFile();
  const db = openSqlite(path, 0);
  await db.q("CREATE TABLE t (n BIGINT)");
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await expect(db.q("INSERT INTO t VALUES (1)")).rejects.toThrow(
    "is locked by another program. Close what has it open",
  );
  other.exec("ROLLBACK");
  expect(await db.q("SELECT * FROM t")).toEqual([]);
  await db.close();
});

test("a full disk is reported; stored data stays, and writes resume once there is space", async () => {
  const db = openSqlite(await newFile());
  await db.q("CREATE TABLE t (text TEXT)");
  await db.q("PRAGMA max_page_count=10");
  const fill = () => db.tx((t) => t.q("INSERT INTO t VALUES ($1)", ["x".repeat(100_000)]));
  await expect(fill()).rejects.toThrow("cannot grow: the disk is full. Free some space");
  await db.q("PRAGMA max_page_count=1000");
  await fill();
  expect(await db.q("SELECT COUNT(*) AS n FROM t")).toMatchObject([{ n: 1 }]);
  await db.close();
});

test("a read-only file is refused at the start", async () => {
  const path = await newFile();
  await openSqlite(path).close();
  expect(() => openSqlite(`file:${path}?mode=ro`)).toThrow(
    "cannot be written. Give the user who runs Parley write access",
  );
});
