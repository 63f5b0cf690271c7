import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll } from "vitest";
import { z } from "zod";
import { systemClock } from "../../src/clock.ts";
import type { Database, Row } from "../../src/store/database.ts";
import { createPostgres } from "../../src/store/postgres/postgres.ts";
import type { Connection, PostgresServer } from "../../src/store/postgres/postgres-server.ts";
import { createSerial } from "../../src/store/postgres/serial.ts";

const Rows = z.array(z.custom<Row>((row) => typeof row === "object" && row !== null));

const rowsOf = async (
  lite: Pick<PGlite, "query" | "exec">,
  sql: string,
  params?: readonly unknown[],
): Promise<readonly Row[]> =>
  params
    ? Rows.parse((await lite.query(sql, [...params])).rows)
    : (await lite.exec(sql)).flatMap(({ rows }) => Rows.parse(rows));

/** PostgreSQL in this process, behind the shape of a server: a pool of one connection, and sessions that share it. */
export function createPgliteServer(lite: PGlite): PostgresServer {
  const serial = createSerial();
  const take = () =>
    new Promise<() => void>((resolve) => {
      void serial(() => new Promise<void>((give) => resolve(give)));
    });
  const alone = async (sql: string, params?: readonly unknown[]) => {
    const give = await take();
    try {
      return await rowsOf(lite, sql, params);
    } finally {
      give();
    }
  };
  return {
    async connect() {
      const give = await take();
      const connection: Connection = { query: (sql, params) => rowsOf(lite, sql, params) };
      return {
        ...connection,
        // Where a pool would throw the connection away, what it has open is ended.
        release: (isBroken) =>
          void (isBroken ? lite.exec("ROLLBACK") : Promise.resolve()).then(give, give),
      };
    },
    async openSession({ onNotice, onLost }) {
      const unlisten = lite.onNotification(onNotice);
      return {
        query: alone,
        async end() {
          unlisten();
          onLost(new Error("connection terminated"));
        },
      };
    },
    close: async () => undefined,
  };
}

/** Starting it takes seconds, and longer where others work too. */
const START_MS = 60_000;

/** One PGlite for a test file; each `open` starts with empty tables. The last one given out is the one that counts. */
export function createPgliteDatabases() {
  const lite = PGlite.create();
  beforeAll(() => lite, START_MS);
  afterAll(async () => (await lite).close());
  return {
    async open(): Promise<Database> {
      const own = await lite;
      await own.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      return createPostgres(createPgliteServer(own), { where: "PGlite", clock: systemClock });
    },
  };
}
