import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { makeFolder } from "./make-folder.ts";
import { checkIntegrity } from "./open-sqlite.ts";
import { Int } from "../row.ts";
import { explainSqlite } from "./explain-sqlite.ts";
import { StoreError } from "../store-error.ts";

/** The contents of a finished backup. */
export interface BackupReport {
  readonly file: string;
  readonly bytes: number;
  readonly schema: number;
  readonly turns: number;
  /** Unfinished turns. Parley resumes them after a restore. */
  readonly open: number;
  readonly messages: number;
}

const Counts = z.object({ schema: Int, turns: Int, open: Int, messages: Int });

// One step copies a single snapshot. With several steps, every write by a running Parley would restart the backup.
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies the database of a data folder to `file`, even while Parley uses it. The file appears complete and verified, or not at all. Never
 * overwrites a file. Rejects with a `StoreError`.
 */
export async function backUpStore(dir: string, file: string): Promise<BackupReport> {
  const source = join(dir, "parley.db");
  if (!existsSync(source))
    throw new StoreError("other", `There is no database ${source}. Is PARLEY_DATA right?`);
  if (existsSync(file))
    throw new StoreError("other", `${file} already exists. Name another file, or remove it.`);
  const part = `${file}.part`;
  reserve(part);
  try {
    await copy(source, part);
    const counts = check(part);
    sync(part);
    const { size } = statSync(part);
    renameSync(part, file);
    sync(dirname(file));
    return { file, bytes: size, ...counts };
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Creates the file readable only by its owner, because it holds people's messages. Removes the leftovers of a killed backup. */
function reserve(part: string): void {
  try {
    makeFolder(dirname(part));
    rmSync(part, { force: true });
    closeSync(openSync(part, "wx", 0o600));
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split(",")[0] ?? "") : String(cause);
    throw new StoreError("unreachable", `${part} cannot be written (${why}).`, { cause });
  }
}

async function copy(source: string, part: string): Promise<void> {
  try {
    const database = new DatabaseSync(source, { readOnly: true });
    try {
      await backup(database, part, { rate: ALL_PAGES });
    } finally {
      database.close();
    }
  } catch (error) {
    throw explainSqlite(error, part);
  }
}

/** Turns the copy into a single file, verifies every page, and counts its contents. */
function check(part: string): z.infer<typeof Counts> {
  try {
    const database = new DatabaseSync(part);
    try {
      database.exec("PRAGMA journal_mode=DELETE");
      checkIntegrity(database, part, "integrity_check");
      return Counts.parse(
        database
          .prepare(
            `SELECT (SELECT MAX(version) FROM migrations) AS schema, (SELECT COUNT(*) FROM turns) AS turns,
             (SELECT COUNT(*) FROM turns WHERE state <> 'done') AS open, (SELECT COUNT(*) FROM messages) AS messages`,
          )
          .get(),
      );
    } finally {
      database.close();
    }
  } catch (error) {
    throw explainSqlite(error, part);
  }
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
