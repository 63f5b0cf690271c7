import { AsyncLocalStorage } from "node:async_hooks";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { createCommits, type Work, type WorkKind } from "./commits.ts";
import type { Database, Queries, Row, Value } from "../database.ts";
import { type RollbackOnly, markRollbackOnly } from "../rollback-only.ts";
import { createLocks } from "./locks.ts";
import { createNotices } from "./notices.ts";
import { explainSqlite } from "./explain-sqlite.ts";
import { StoreError } from "../store-error.ts";

type Run = (sql: string, params?: readonly Value[]) => readonly Row[];

/** An open transaction, with the notices to send once it commits. */
interface OpenTransaction extends RollbackOnly {
  open: boolean;
  notices: { readonly channel: string; readonly payload: string }[];
}

/** A `Database` over an open SQLite file. Error messages name `path`. */
export function createSqlite(file: DatabaseSync, path: string): Database {
  const notices = createNotices();
  const locks = createLocks();
  const run = createRun(file, path);
  const commits = createCommits({
    begin: () => void run("BEGIN IMMEDIATE"),
    commit: () => void run("COMMIT"),
    isOpen: () => file.isTransaction,
    rollback: () => void run("ROLLBACK"),
  });
  const inside = new AsyncLocalStorage<OpenTransaction>();
  // A statement that waits for its own transaction would wait forever.
  const outside = <T>(kind: WorkKind, work: Work<T>): Promise<T> =>
    inside.getStore()?.open
      ? Promise.reject(new StoreError("other", "A statement inside a transaction must use its t."))
      : commits(kind, work);

  return {
    dialect: "sqlite",
    q: (sql, params) => outside(kindOf(sql), () => run(sql, params)),
    async tx(work) {
      const span: OpenTransaction = { open: true, failure: null, notices: [] };
      const result = await outside("write", (isShared) =>
        inside.run(span, () => transact({ file, run, isShared }, span, work)),
      );
      for (const { channel, payload } of span.notices) notices.emit(channel, payload);
      return result;
    },
    notify: (channel, payload) => outside("alone", () => notices.emit(channel, payload)),
    listen: async (channel, hear) => notices.listen(channel, hear),
    lock: async (name) => locks.lock(name),
    close: () =>
      outside("alone", () => {
        locks.end();
        if (file.isOpen) file.close();
      }),
  };
}

const KINDS: Readonly<Record<string, WorkKind>> = {
  SELECT: "read",
  INSERT: "write",
  UPDATE: "write",
  DELETE: "write",
};

const kindOf = (sql: string): WorkKind =>
  KINDS[sql.trimStart().slice(0, 6).toUpperCase()] ?? "alone";

/** Statements for a separate transaction, and for a savepoint in a shared one. */
const EDGES = {
  own: ["BEGIN IMMEDIATE", "COMMIT", ["ROLLBACK"]],
  shared: ["SAVEPOINT shared", "RELEASE shared", ["ROLLBACK TO shared", "RELEASE shared"]],
} as const;

async function transact<T>(
  { file, run, isShared }: { file: DatabaseSync; run: Run; isShared: boolean },
  span: OpenTransaction,
  work: (t: Queries) => Promise<T>,
): Promise<T> {
  const [begin, commit, undo] = EDGES[isShared ? "shared" : "own"];
  run(begin);
  try {
    const result = await work(createTransaction(run, span));
    if (span.failure) throw span.failure.error;
    run(commit);
    return result;
  } catch (error) {
    // SQLite itself rolls back on a full disk and on I/O errors.
    if (file.isTransaction) for (const statement of undo) run(statement);
    throw error;
  } finally {
    span.open = false;
  }
}

function createTransaction(run: Run, span: OpenTransaction): Queries {
  const t: Queries = {
    dialect: "sqlite",
    async q(sql, params) {
      if (!span.open) throw new StoreError("other", "A statement came after its transaction.");
      return run(sql, params);
    },
    tx: (work) => markRollbackOnly(span, () => work(t)),
    notify: async (channel, payload) => void span.notices.push({ channel, payload }),
  };
  return t;
}

function createRun(file: DatabaseSync, path: string): Run {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const statement = prepared.get(sql) ?? file.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return (sql, params = []) => {
    try {
      return prepare(sql).all(
        Object.fromEntries(params.map((value, i) => [`$${i + 1}`, value] as const)),
      );
    } catch (error) {
      throw explainSqlite(error, path);
    }
  };
}
