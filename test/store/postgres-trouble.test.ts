import { expect, onTestFinished, test, vi } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { explainPostgres } from "../../src/store/postgres/explain-postgres.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import { openStore } from "../../src/store/store.ts";
import { createPostgresDatabase } from "../support/postgres.ts";
import { startRefusingPostgres } from "../servers/refusing-postgres.ts";
import { PATIENCE } from "../support/patience.ts";

const server = await createPostgresDatabase();
const own = test.skipIf(!server);

/** What a person reads when the database cannot be opened. */
const problemOf = (url: string): Promise<string> =>
  openPostgres(url).then(
    () => "it was opened",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const at = (port: number) => `postgres://ada:hush@127.0.0.1:${port}/parley`;

test("a server that is not there", async () => {
  expect(await problemOf(at(1))).toBe(
    "PostgreSQL (parley on 127.0.0.1:1) does not answer. Check that it runs and that DATABASE_URL names its host and port (PostgreSQL: connect ECONNREFUSED 127.0.0.1:1).",
  );
});

test.each([
  [
    "28P01",
    "password authentication failed",
    "does not let this user in. Check the user and the password in DATABASE_URL",
  ],
  [
    "3D000",
    "database does not exist",
    "has no such database. Create it (createdb), or correct DATABASE_URL",
  ],
  [
    "53300",
    "too many clients already",
    "has no connection left. Raise its max_connections, or run fewer processes",
  ],
  [
    "57P03",
    "the database system is starting up",
    "is being stopped or started. Parley tries again",
  ],
  [
    "28000",
    'no pg_hba.conf entry for host "10.0.0.1", user "ada", database "parley", no encryption',
    "lets this user in by an encrypted connection only, if at all. Add ?sslmode=verify-full to DATABASE_URL",
  ],
])("a server that refuses with %s", async (code, text, words) => {
  const port = await startRefusingPostgres(code, text);
  const problem = await problemOf(at(port));
  expect(problem).toContain(`PostgreSQL (parley on 127.0.0.1:${port}) ${words}`);
  expect(problem).toContain(`(PostgreSQL: ${text}).`);
});

test.each([
  ["self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT", "is not trusted here. Name that of"],
  ["IP: 10.0.0.1 is not in the cert's list", "ERR_TLS_CERT_ALTNAME_INVALID", "of another host"],
  ["The server does not support SSL connections", undefined, "Leave sslmode out of DATABASE_URL"],
  ["ENOENT: no such file or directory, open '/ca.pem'", "ENOENT", "that DATABASE_URL names is not"],
  ["connect ENOENT /run/postgresql/.s.PGSQL.5432", "ENOENT", "does not answer. Check that it runs"],
])("an encrypted connection, or one by a file: %s", (text, code, words) => {
  const failure = Object.assign(new Error(text), code && { code });
  expect(explainPostgres(failure, "PostgreSQL (parley on db:5432)")).toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining(words),
  });
});

test("a full disk, as on any statement", () => {
  const full = Object.assign(new Error("could not extend file"), { code: "53100" });
  expect(explainPostgres(full, "PostgreSQL (parley on db:5432)")).toMatchObject({
    kind: "full",
    message: expect.stringContaining("cannot grow: its disk is full. Free some space"),
  });
});

test("the URL's password is in no text, whatever is wrong with it", async () => {
  const urls = [
    "postgres://ada:hush@127.0.0.1:1/x",
    "postgres://ada:hush@[/x",
    "postgres://ada:hush@127.0.0.1:99999/x",
    "postgres://ada:a@hush/b@127.0.0.1:1/x",
    "postgres://ada:1/hush@127.0.0.1:1/x",
    "postgres://ada:1#hush@127.0.0.1:1/x",
    "postgres://ada:1?hush@127.0.0.1:1/x",
    "mysql://ada:hush@127.0.0.1:1/x",
  ];
  for (const url of urls) {
    const problem: unknown = await openPostgres(url).catch((error: unknown) => error);
    expect(problem).toMatchObject({ name: "StoreError" });
    expect(JSON.stringify([String(problem), problem])).not.toContain("hush");
  }
});

own("a database that takes no writes is refused at the start", async () => {
  const db = server ?? expect.unreachable();
  await db.admin.query(`ALTER DATABASE ${db.name} SET default_transaction_read_only = on`);
  onTestFinished(async () => {
    await db.admin.query(`ALTER DATABASE ${db.name} RESET default_transaction_read_only`);
  });
  expect(await problemOf(db.url)).toContain(
    "takes no writes: it is a standby, or set to read only",
  );
});

own("a database of another program is left alone, and named as one", async () => {
  const { url, ...empty } = server ?? expect.unreachable();
  const db = await empty.open();
  await db.q("CREATE TABLE messages (body TEXT)");
  await expect(openStore({ dir: "", pid: 1, now: Date.now, url })).rejects.toThrow(
    "holds tables of another program under the same names. Give Parley a database of its own",
  );
  const tables = await db.q("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  expect(tables).toEqual([{ tablename: "messages" }]);
  await db.close();
});

own("a schema that a newer version wrote is left alone", async () => {
  const { url, ...empty } = server ?? expect.unreachable();
  await (await empty.open()).close();
  const options = { dir: "", pid: 1, now: Date.now, url };
  const store = await openStore(options);
  await store.db.q("INSERT INTO migrations (version, name, at) VALUES (999, 'future', 0)");
  await store.close();
  await expect(openStore(options)).rejects.toThrow("it was written by a newer one. Upgrade Parley");
});

/** A database, and somebody who cuts all of its connections. */
async function openAndCut() {
  const { admin, name, ...empty } = server ?? expect.unreachable();
  const db = await empty.open();
  onTestFinished(() => db.close());
  await db.q("CREATE TABLE counted (n BIGINT PRIMARY KEY)");
  const cut = () =>
    admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
      [name],
    );
  return { db, cut };
}

const numbers = async (db: Database) =>
  (await db.q("SELECT n FROM counted ORDER BY n")).map((row) => Number(row["n"]));

own("a transaction that loses its connection is retried and takes effect once", async () => {
  const { db, cut } = await openAndCut();
  let tries = 0;
  await db.tx(async (t) => {
    await t.q("INSERT INTO counted VALUES (1)");
    if (++tries === 1) await cut();
    await t.q("INSERT INTO counted VALUES (2)");
  });
  expect([tries, await numbers(db)]).toEqual([2, [1, 2]]);
});

own("the pool recovers when the server closes all connections", async () => {
  const { db, cut } = await openAndCut();
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => db.q("INSERT INTO counted VALUES ($1)", [n])),
  );
  await cut();
  expect(await numbers(db)).toHaveLength(10);
});

own("transactions that lock in the opposite order both come through", async () => {
  const { db } = await openAndCut();
  await db.q("INSERT INTO counted VALUES (1), (2)");
  await db.q("CREATE TABLE marks (n BIGINT, mark TEXT)");
  const both = Promise.withResolvers<void>();
  let inside = 0;
  const touch = (order: readonly number[]) =>
    db.tx(async (t) => {
      for (const n of order) {
        await t.q("UPDATE counted SET n = n WHERE n = $1", [n]);
        if (++inside === 2) both.resolve();
        await both.promise;
      }
      await t.q("INSERT INTO marks VALUES (0, 'came through')");
    });
  await Promise.all([touch([1, 2]), touch([2, 1])]);
  expect(await db.q("SELECT mark FROM marks")).toHaveLength(2);
});

own("after a reconnect, listeners read the state again and keep receiving notices", async () => {
  const { db, cut } = await openAndCut();
  const heard: string[] = [];
  await db.listen(
    "news",
    (payload) => heard.push(payload),
    () => heard.push("look again"),
  );
  await cut();
  await vi.waitFor(() => expect(heard).toEqual(["look again"]), PATIENCE);
  await db.notify("news", "one");
  await vi.waitFor(() => expect(heard).toEqual(["look again", "one"]), PATIENCE);
});

own("a lock aborts with its session, and another process can take it at once", async () => {
  const { db, cut } = await openAndCut();
  const other = await openPostgres(server?.url ?? "");
  onTestFinished(() => other.close());
  const lock = await db.lock("shard 1");
  expect(await other.lock("shard 1")).toBeNull();
  await cut();
  await vi.waitFor(() => expect(lock?.lost.aborted).toBe(true), PATIENCE);
  await vi.waitFor(async () => expect(await other.lock("shard 1")).not.toBeNull(), PATIENCE);
  expect(await db.lock("shard 1")).toBeNull();
});

own("closing the store releases its locks", async () => {
  const { db } = await openAndCut();
  const other = await openPostgres(server?.url ?? "");
  await other.lock("shard 1");
  await other.close();
  await vi.waitFor(async () => expect(await db.lock("shard 1")).not.toBeNull(), PATIENCE);
});

own("characters that PostgreSQL cannot store are replaced", async () => {
  const { db } = await openAndCut();
  await db.q("CREATE TABLE kept (text TEXT)");
  await db.q("INSERT INTO kept VALUES ($1)", ["a\0b"]);
  expect(await db.q("SELECT text FROM kept")).toEqual([{ text: "a\u{FFFD}b" }]);
});

own("a process frozen inside a transaction does not block others for long", async () => {
  const { db } = await openAndCut();
  const [row] = await db.q("SHOW idle_in_transaction_session_timeout");
  expect(row).toEqual({ idle_in_transaction_session_timeout: "5s" });
});

own("a column added by a newer version does not break prepared statements", async () => {
  const db = await openPostgres(server?.url ?? "");
  onTestFinished(() => db.close());
  await db.q("CREATE TABLE kept (a BIGINT)");
  const ask = async () => {
    const named = await db.q("INSERT INTO kept (a) VALUES ($1) RETURNING a", [1]);
    const all = await db.q("SELECT * FROM kept WHERE a = $1 LIMIT 1", [1]);
    return [...named, ...all].map((row) => Object.keys(row));
  };
  expect(await ask()).toEqual([["a"], ["a"]]);
  await db.q("ALTER TABLE kept ADD COLUMN b TEXT");
  expect(await ask()).toEqual([["a"], ["a", "b"]]);
});
