import { join } from "node:path";
import { formatCount } from "../progress/format.ts";
import { type LoadedSettings, SettingsError } from "../settings.ts";
import { backUpStore } from "../store/sqlite/backup.ts";

const POSTGRES = `DATABASE_URL is set, so the data is in that PostgreSQL database. Back it up with PostgreSQL's tools, also while Parley runs:
  pg_dump --format=custom --exclude-schema=pgboss --file=parley.dump "$DATABASE_URL"
docs/operations.md says how to restore it.`;

/** Backs the database up to `file` (default: a new file in the data folder); resolves with a report for people. */
export async function backUp(
  { settings: { PARLEY_DATA: dir }, env }: LoadedSettings,
  file: string | undefined,
): Promise<string> {
  if (env["DATABASE_URL"]?.trim()) throw new SettingsError(POSTGRES);
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const to = file ?? join(dir, "backups", `parley-${stamp}Z.db`);
  const { bytes, schema, turns, open, messages } = await backUpStore(dir, to);
  const holds = [
    `${(bytes / 1e6).toFixed(1)} MB`,
    `schema ${schema}`,
    `${formatCount(turns, "turn")} (${open} running)`,
    formatCount(messages, "message"),
  ];
  return `${to}: ${holds.join(", ")}; read back and verified.`;
}
