import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Database } from "../database.ts";
import { createSqlite } from "./sqlite.ts";
import { explainSqlite } from "./explain-sqlite.ts";
import { StoreError } from "../store-error.ts";

const Report = z.array(z.record(z.string(), z.string()));

/**
 * Opens a file, or ":memory:". Every commit is on disk when it returns (`synchronous=FULL`).
 * Throws a `StoreError` if the file is damaged, not writable or not a database.
 * `busyMs`: how long a statement waits for the lock of another program, such as a database browser. It blocks the process.
 */
export function openSqlite(path: string, busyMs = 2000): Database {
  try {
    const file = new DatabaseSync(path, { timeout: busyMs });
    try {
      file.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
      checkIntegrity(file, path, "quick_check");
      checkWritable(file);
      return createSqlite(file, path);
    } catch (error) {
      file.close();
      throw error;
    }
  } catch (error) {
    throw explainSqlite(error, path);
  }
}

/** Throws a `StoreError` if the file is damaged. `integrity_check` would also read the indexes, but takes several times as long. */
export function checkIntegrity(
  file: DatabaseSync,
  path: string,
  check: "quick_check" | "integrity_check",
): void {
  const [report] = Report.parse(file.prepare(`PRAGMA ${check}(1)`).all());
  const found = report?.[check];
  if (found === "ok") return;
  throw new StoreError(
    "damaged",
    `${path} is damaged: ${found ?? "it cannot be checked"}. Restore a backup, or move it away to start afresh: conversations go on, since their threads are read from the platform.`,
  );
}

// SQLite opens read-only files without an error. Fail now rather than at the first message.
function checkWritable(file: DatabaseSync): void {
  file.exec("BEGIN IMMEDIATE; PRAGMA user_version=1; ROLLBACK;");
}
