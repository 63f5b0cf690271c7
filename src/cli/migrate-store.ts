import { formatCount } from "../progress/format.ts";
import { type LoadedSettings, SettingsError } from "../settings.ts";
import { type MoveReport, moveStore } from "../store/move-store.ts";

export interface MigrateFlags {
  /** The file in the data folder, if absent. */
  readonly from: string | undefined;
  /** DATABASE_URL, if absent: what stands on a command line, others on the machine can read. */
  readonly to: string | undefined;
}

/** Moves an embedded database to PostgreSQL; resolves with what there is to tell. */
export async function migrateStore(
  { settings }: LoadedSettings,
  flags: MigrateFlags & { readonly pid: number },
): Promise<string> {
  const from = flags.from ?? `${settings.PARLEY_DATA}/parley.db`;
  const to = flags.to ?? settings.DATABASE_URL;
  if (to === undefined) {
    throw new SettingsError("Move it where? Set DATABASE_URL, or write: parley migrate --to URL");
  }
  return formatMove(from, await moveStore({ from, to, pid: flags.pid, now: Date.now }));
}

function formatMove(from: string, { where, movedBefore, tables, unfinished }: MoveReport): string {
  const head =
    movedBefore === null
      ? `Moved ${from} to ${where}; all rows arrived:`
      : `Nothing to do: ${from} was moved to ${where} before (${new Date(movedBefore).toISOString().slice(0, 16).replace("T", " ")} UTC). It holds:`;
  const filled = tables.filter(({ rows }) => rows > 0);
  const widest = Math.max(...filled.map(({ name }) => name.length));
  const counts = filled.map(
    ({ name, rows }) => `  ${name.padEnd(widest)} ${rows.toLocaleString("en-US").padStart(12)}`,
  );
  const waiting = `${formatCount(unfinished, "turn")} not ended yet: the first Parley that starts there goes on.`;
  const rest =
    "Start Parley with DATABASE_URL from now on; the file keeps all it held, and is not started on any more.";
  return [head, ...counts, ...(unfinished > 0 ? [waiting] : []), rest].join("\n");
}
