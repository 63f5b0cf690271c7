import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../clock.ts";
import type { Database, Queries, Row, Value } from "../database.ts";
import { type RollbackOnly, markRollbackOnly } from "../rollback-only.ts";
import { explainPostgres } from "./explain-postgres.ts";
import { withPatience, type Attempt } from "./patience.ts";
import type { Connection, PostgresServer } from "./postgres-server.ts";
import { createSession, NOTICE_CHANNEL } from "./session.ts";
import { StoreError } from "../store-error.ts";

export interface PostgresOptions {
  /** Names the database in messages, without its password. */
  readonly where: string;
  readonly clock: Clock;
}

/** An open transaction. */
interface OpenTransaction extends RollbackOnly {
  open: boolean;
}

/** A `Database` over a PostgreSQL server. */
export function createPostgres(server: PostgresServer, options: PostgresOptions): Database {
  const { where, clock } = options;
  const session = createSession(server, options);
  const inside = new AsyncLocalStorage<OpenTransaction>();
  // A transaction that needed a second connection could exhaust the pool and deadlock.
  const outside = <T>(work: (attempt: Attempt) => Promise<T>): Promise<T> =>
    inside.getStore()?.open
      ? Promise.reject(new StoreError("other", "A statement inside a transaction must use its t."))
      : withPatience(clock, work);
  const q: Queries["q"] = (sql, params) =>
    outside((attempt) => runAlone(server, where, { sql, params, attempt }));

  return {
    dialect: "postgres",
    q,
    tx: (work) => outside((attempt) => transact({ server, where, inside, attempt }, work)),
    async notify(channel, payload) {
      await q(...noticeOf(channel, payload));
    },
    listen: (channel, hear, missed) => session.listen(channel, hear, missed),
    lock: (name) => session.lock(name),
    async close() {
      await session.close();
      await server.close();
    },
  };
}

const noticeOf = (channel: string, payload: string): [string, Value[]] => [
  "SELECT pg_notify($1, $2)",
  [NOTICE_CHANNEL, `${channel} ${payload}`],
];

async function run(
  connection: Connection,
  where: string,
  { sql, params }: { readonly sql: string; readonly params?: readonly Value[] | undefined },
): Promise<readonly Row[]> {
  try {
    return await connection.query(sql, params?.map(storable));
  } catch (error) {
    throw explainPostgres(error, where);
  }
}

/** PostgreSQL text columns cannot hold NUL. */
const storable = (value: Value): Value =>
  typeof value === "string" ? value.replaceAll("\0", "\u{FFFD}") : value;

async function connectTo(server: PostgresServer, where: string) {
  try {
    return await server.connect();
  } catch (error) {
    throw explainPostgres(error, where);
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof StoreError && error.kind === "unreachable";

interface Statement {
  readonly sql: string;
  readonly params?: readonly Value[] | undefined;
  readonly attempt: Attempt;
}

async function runAlone(
  server: PostgresServer,
  where: string,
  { sql, params, attempt }: Statement,
): Promise<readonly Row[]> {
  const connection = await connectTo(server, where);
  attempt.mayHaveTakenEffect = !/^\s*SELECT\b/i.test(sql);
  let isBroken = false;
  try {
    return await run(connection, where, { sql, params });
  } catch (error) {
    // A query without parameters may hold several statements, such as a BEGIN that is still open.
    isBroken = isGone(error) || params === undefined;
    throw error;
  } finally {
    connection.release(isBroken);
  }
}

interface PostgresContext {
  readonly server: PostgresServer;
  readonly where: string;
  readonly inside: AsyncLocalStorage<OpenTransaction>;
  readonly attempt: Attempt;
}

async function transact<T>(
  { server, where, inside, attempt }: PostgresContext,
  work: (t: Queries) => Promise<T>,
): Promise<T> {
  const connection = await connectTo(server, where);
  const span: OpenTransaction = { open: true, failure: null };
  const say = (sql: string) => run(connection, where, { sql });
  let isBroken = true;
  try {
    await say("BEGIN");
    const result = await inside.run(span, () => work(createTransaction(connection, where, span)));
    // COMMIT would report success but roll back.
    if (span.failure) throw span.failure.error;
    span.open = false;
    attempt.mayHaveTakenEffect = true;
    await say("COMMIT");
    isBroken = false;
    return result;
  } catch (error) {
    isBroken = await say("ROLLBACK").then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    span.open = false;
    connection.release(isBroken);
  }
}

function createTransaction(connection: Connection, where: string, span: OpenTransaction): Queries {
  const t: Queries = {
    dialect: "postgres",
    async q(sql, params) {
      if (!span.open) throw new StoreError("other", "A statement came after its transaction.");
      return markRollbackOnly(span, () => run(connection, where, { sql, params }));
    },
    tx: (work) => markRollbackOnly(span, () => work(t)),
    async notify(channel, payload) {
      await t.q(...noticeOf(channel, payload));
    },
  };
  return t;
}
