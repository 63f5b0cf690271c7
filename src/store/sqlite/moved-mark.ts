import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { StoreError } from "../store-error.ts";

const markOf = (file: string): string => `${file}.moved`;

/** Writes a marker file beside a moved database, so that its turns do not run in both places. */
export function markMoved(file: string, where: string, at: number): void {
  const day = new Date(at).toISOString().slice(0, 16).replace("T", " ");
  writeFileSync(markOf(file), `Moved to ${where}, ${day} UTC.\n`);
}

/** Throws a `StoreError` if the database was moved. */
export function refuseMoved(file: string): void {
  const mark = markOf(file);
  if (!existsSync(mark)) return;
  throw new StoreError(
    "other",
    `${file} is not in use any more. ${readFileSync(mark, "utf8").trim()} Set DATABASE_URL, and start again. To go back to the file, and to what it held then, remove ${mark}.`,
  );
}
