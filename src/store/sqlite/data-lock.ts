import { closeSync, constants, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeFolder } from "./make-folder.ts";
import { explainSqlite } from "./explain-sqlite.ts";
import { StoreError } from "../store-error.ts";

/**
 * Locks a data folder for this process. The operating system releases the lock when the process ends, even after kill -9. Throws a
 * `StoreError` that names the holder if another process has the lock.
 */
export function lockDataFolder(dir: string, pid: number): () => void {
  const holder = join(dir, "parley.pid");
  const lock = takeLock(dir, holder);
  try {
    // Remove a symbolic link instead of following it.
    rmSync(holder, { force: true });
    writeFileSync(holder, String(pid), { flag: "wx", mode: 0o600 });
  } catch (error) {
    lock.close();
    throw new StoreError("read_only", `${dir} cannot be written. Check who owns it.`, {
      cause: error,
    });
  }
  return () => {
    rmSync(holder, { force: true });
    lock.close();
  };
}

function takeLock(dir: string, holder: string): DatabaseSync {
  const path = join(dir, "lock.db");
  try {
    makeFolder(dir);
    const lock = new DatabaseSync(path, { timeout: 0 });
    try {
      lock.exec("BEGIN EXCLUSIVE");
      return lock;
    } catch (error) {
      lock.close();
      throw error;
    }
  } catch (error) {
    throw explainLock(explainSqlite(error, path), dir, holder);
  }
}

function explainLock(error: unknown, dir: string, holder: string): unknown {
  if (error instanceof StoreError && error.kind !== "busy") return error;
  if (!(error instanceof StoreError)) {
    const why = error instanceof Error ? (error.message.split(",")[0] ?? "") : String(error);
    return new StoreError(
      "unreachable",
      `The data folder ${dir} cannot be made or opened (${why}). Give Parley one it may write, with PARLEY_DATA.`,
      { cause: error },
    );
  }
  const file = join(dir, "parley.db");
  return new StoreError(
    "in_use",
    [
      `Another Parley${readPid(holder)} is using the data folder ${dir}.`,
      "Stop it, or give this one its own folder with PARLEY_DATA.",
      "To answer the same conversations from several processes, move to PostgreSQL:",
      `parley migrate --from ${file} --to URL, then start each with DATABASE_URL=URL.`,
    ].join(" "),
  );
}

function readPid(holder: string): string {
  try {
    const handle = openSync(
      holder,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const [pid] = /^\d{1,10}(?=\s*$)/.exec(readFileSync(handle, "utf8")) ?? [];
      return pid === undefined ? "" : ` (process ${pid})`;
    } finally {
      closeSync(handle);
    }
  } catch {
    return "";
  }
}
