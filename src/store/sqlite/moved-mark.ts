import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { StoreError } from "../store-error.ts";

const markOf = (file: string): string => `${file}.moved`;

/** Notes down beside a database that it was moved: on it, turns would be run that are run there too. */
export function markMoved(file: string, where: string, at: number): void {
  const day = new Date(at).toISOString().slice(0, 16).replace("T", " ");
  writeFileSync(markOf(file), `Moved to ${where}, ${day} UTC.\n`);
}

/** Throws a `StoreError` when a database was moved and is not to be used any more. */
export function refuseMoved(file: string): void {
  const mark = markOf(file);
  if (!existsSync(mark)) return;
  throw new StoreError(
    "other",
    `${file} is not in use any more. ${readFileSync(mark, "utf8").trim()} Set DATABASE_URL, and start again. To go back to the file, and to what it held then, remove ${mark}.`,
  );
}
