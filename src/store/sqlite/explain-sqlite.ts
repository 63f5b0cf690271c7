import { z } from "zod";
import { StoreError } from "../store-error.ts";

const SqliteFailure = z.object({
  code: z.literal("ERR_SQLITE_ERROR"),
  errcode: z.number(),
  message: z.string(),
});

const FREE_SPACE = "Free some space; the messages that could not be stored are delivered again.";
const RESTORE =
  "Restore a backup, or move it away to start afresh: conversations go on, since their threads are read from the platform.";

// Primary result codes: https://www.sqlite.org/rescode.html
const EXPLAINED: Readonly<Record<number, readonly [StoreError["kind"], string]>> = {
  5: [
    "busy",
    "is locked by another program. Close what has it open (a database browser, a backup)",
  ],
  6: [
    "busy",
    "is locked by another program. Close what has it open (a database browser, a backup)",
  ],
  8: ["read_only", "cannot be written. Give the user who runs Parley write access to its folder"],
  10: ["unreachable", "could not be read or written. Check the disk it is on"],
  11: ["damaged", `is damaged. ${RESTORE}`],
  13: ["full", `cannot grow: the disk is full. ${FREE_SPACE}`],
  14: [
    "unreachable",
    "cannot be opened. Check that its folder exists and that the user who runs Parley may read and write it",
  ],
  26: ["damaged", `is not a database, or a torn one. ${RESTORE}`],
};

/** Turns SQLite errors into plain messages. */
export function explainSqlite(error: unknown, path: string): unknown {
  const failure = SqliteFailure.safeParse(error);
  if (!failure.success) return error;
  const { errcode, message } = failure.data;
  const [kind, words] = EXPLAINED[errcode & 0xff] ?? ["other", "refused a statement"];
  return new StoreError(kind, `${path} ${words} (SQLite: ${message}).`, { cause: error });
}
