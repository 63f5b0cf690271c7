import { formatCount } from "../progress/format.ts";
import { type LoadedSettings, SettingsError } from "../settings.ts";
import { type MoveReport, moveStore } from "../store/move-store.ts";

export interface MigrateFlags {
  /** Default: the file in the data folder. */
  readonly from: string | undefined;
  /** Default: DATABASE_URL, since other users of the machine can read command lines. */
  readonly to: string | undefined;
}

/** Moves an embedded database to PostgreSQL; resolves with a report for people. */
export async function migrateStore(
  { settings }: LoadedSettings,
  flags: MigrateFlags & { readonly pid: number },
): Promise<string> {
  const from = flags.from ?? `${settings.PARLEY_DATA}/parley.db`;
  const to = flags.to ?? settings.DATABASE_URL;
  if (to === undefined) {
    throw new SettingsError(
      "No target database. Set DATABASE_URL, or use: parley migrate --to URL",
    );
  }
  return formatMove(from, await moveStore({ from, to, pid: flags.pid, now: Date.now }));
}

function formatMove(from: string, { where, movedBefore, tables, unfinished }: MoveReport): string {
  const head =
    movedBefore === null
      ? `Moved ${from} to ${where} and checked that all rows arrived:`
      : `Nothing to do: ${from} was moved to ${where} before (${new Date(movedBefore).toISOString().slice(0, 16).replace("T", " ")} UTC). It contains:`;
  const filled = tables.filter(({ rows }) => rows > 0);
  const widest = Math.max(...filled.map(({ name }) => name.length));
  const counts = filled.map(
    ({ name, rows }) => `  ${name.padEnd(widest)} ${rows.toLocaleString("en-US").padStart(12)}`,
  );
  const waiting = `${formatCount(unfinished, "turn")} not finished: the first Parley that starts on the new database resumes them.`;
  const rest =
    "Start Parley with DATABASE_URL from now on. The file keeps its data, but Parley will refuse to use it.";
  return [head, ...counts, ...(unfinished > 0 ? [waiting] : []), rest].join("\n");
}
