import pg from "pg";
import { z } from "zod";
import { systemClock } from "../../clock.ts";
import type { Database, Row } from "../database.ts";
import { explainPostgres } from "./explain-postgres.ts";
import { createPostgres } from "./postgres.ts";
import type { PostgresServer, SessionEvents } from "./postgres-server.ts";
import { createSerial } from "./serial.ts";
import { createStatementNames } from "./statement-names.ts";
import { StoreError } from "../store-error.ts";

/** Pool size per process; at most two more connections are outside the pool. Statements take milliseconds, and turns hold no connection between them. */
const POOL = 10;
const CONNECT_MS = 5_000;
/** Statement timeout, ms: without a reply by then, the server is lost. */
const REPLY_MS = 30_000;
/** Limits how long a frozen process's transaction can block the process that takes over its turns, ms. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/** PostgreSQL 13, the oldest version that pg-boss 12 supports. */
const OLDEST = 130_000;

/** Opens the database at a URL. Rejects with a `StoreError` that never contains the URL's password. */
export async function openPostgres(url: string): Promise<Database> {
  const where = nameOfPostgres(url);
  const server = createServer(url);
  try {
    await checkServer(server, where);
    return createPostgres(server, { where, clock: systemClock });
  } catch (error) {
    await server.close();
    throw explainPostgres(error, where);
  }
}

/** "PostgreSQL (parley on db:5432)", for messages. Throws a `StoreError` if the text is not a URL. */
export function nameOfPostgres(url: string): string {
  // The URL parser's own error would show the whole URL.
  if (!URL.canParse(url) || !isPostgresUrl(new URL(url))) {
    throw new StoreError(
      "other",
      "DATABASE_URL is not the URL of a PostgreSQL database. Write it as postgres://user:password@host:5432/database. Percent-encode / @ : ? and # in the password.",
    );
  }
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = decodeURIComponent(hostname) || searchParams.get("host") || "localhost";
  const place = host.startsWith("/") ? host : `${host}:${port || "5432"}`;
  return `PostgreSQL (${decodeURIComponent(pathname.slice(1)) || "its default database"} on ${place})`;
}

/** Detects an @ after the host, or a #. The rest is then part of a password and must not be shown as the database's name. */
const isPostgresUrl = ({ protocol, username, pathname, search, hash }: URL): boolean =>
  /^postgres(ql)?:$/.test(protocol) &&
  !pathname.includes("@") &&
  hash === "" &&
  (username !== "" || !search.includes("@"));

function createServer(url: string): PostgresServer {
  const reach = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: "parley",
  };
  const ask = createAsk();
  const pool = new pg.Pool({
    ...reach,
    max: POOL,
    query_timeout: REPLY_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // The pool has already removed an idle connection that was lost.
  pool.on("error", () => {});
  return {
    async connect() {
      const client = await pool.connect();
      // While it is in use, its statements report the error.
      const ignore = () => {};
      client.on("error", ignore);
      return {
        query: (sql, params) => ask(client, sql, params),
        release(isBroken) {
          client.off("error", ignore);
          client.release(isBroken);
        },
      };
    },
    openSession: (events) => openSession(new pg.Client(reach), ask, events),
    close: async () => {
      if (!pool.ending) await pool.end();
    },
  };
}

async function openSession(client: pg.Client, ask: Ask, { onNotice, onLost }: SessionEvents) {
  client.on("notification", ({ channel, payload = "" }) => onNotice(channel, payload));
  let isLost = false;
  const lose = (error?: unknown) => {
    if (!isLost) onLost(error ?? new Error("connection terminated"));
    isLost = true;
  };
  client.on("error", lose);
  client.on("end", lose);
  await client.connect();
  // Without this, a dead machine keeps its locks for two hours, the default.
  await client.query(
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3",
  );
  // pg requires sequential statements, but several callers share this connection.
  const serial = createSerial();
  return {
    query: (sql: string, params?: readonly unknown[]) => serial(() => ask(client, sql, params)),
    end: () => client.end(),
  };
}

type Ask = (
  client: pg.ClientBase,
  sql: string,
  params: readonly unknown[] | undefined,
) => Promise<readonly Row[]>;

function createAsk(): Ask {
  const nameOf = createStatementNames();
  return async (client, sql, params) => {
    // A query with several statements returns one result each; pg's types do not show that.
    const result: unknown = params
      ? await client.query({ name: nameOf(sql), text: sql, values: [...params] })
      : await client.query(sql);
    return Array.isArray(result) ? result.flatMap(rowsIn) : rowsIn(result);
  };
}

const Result = z.object({ rows: z.custom<readonly Row[]>(Array.isArray) });
const rowsIn = (result: unknown): readonly Row[] => Result.parse(result).rows;

const Facts = z.object({
  version: z.coerce.number(),
  named: z.string(),
  encoding: z.string(),
  standby: z.boolean(),
  readonly: z.string(),
});

/** Checks for problems that would otherwise appear later, with unclear errors. */
async function checkServer(server: PostgresServer, where: string): Promise<void> {
  const connection = await server.connect();
  try {
    const [row] = await connection.query(
      `SELECT current_setting('server_version_num') AS version, current_setting('server_version') AS named,
         current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby,
         current_setting('default_transaction_read_only') AS readonly`,
    );
    const problem = problemOf(Facts.parse(row));
    if (problem) throw new StoreError(problem[0], `${where} ${problem[1]}`);
  } finally {
    connection.release(false);
  }
}

function problemOf(facts: z.infer<typeof Facts>): [StoreError["kind"], string] | null {
  if (facts.version < OLDEST) {
    return ["other", `is version ${facts.named}; Parley needs PostgreSQL 13 or newer. Upgrade it.`];
  }
  if (facts.encoding !== "UTF8") {
    return [
      "other",
      `keeps its text as ${facts.encoding}; Parley needs UTF8. Create the database with createdb --encoding UTF8 --template template0.`,
    ];
  }
  if (facts.standby || facts.readonly === "on") {
    return [
      "read_only",
      "takes no writes: it is a standby, or set to read only. Point DATABASE_URL at the primary.",
    ];
  }
  return null;
}
