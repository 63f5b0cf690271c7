import { chmodSync, lstatSync, readdirSync, statSync, type Stats } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";

/** Parley's files in the data folder: databases with their journals, locks, the log, backups, the terminal's threads. */
const OWN = /^((parley|kv|lock)\.db(-wal|-shm|-journal|\.moved)?|parley\.(pid|log))$/;
const OWN_FOLDERS = ["backups", "terminal"];

/** Permissions of the group and of others. */
const OTHERS = 0o077;

const lookAt = (path: string): Stats | null => lstatSync(path, { throwIfNoEntry: false }) ?? null;

function listFolder(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** Never follows a symbolic link, because its target may belong to someone else. */
function close(path: string): void {
  const found = lookAt(path);
  if (found === null || found.isSymbolicLink()) return;
  const isOpen = (found.mode & OTHERS) !== 0;
  try {
    if (isOpen && (found.isFile() || found.isDirectory())) chmodSync(path, found.mode & 0o700);
  } catch {
    // Another user's file: the folder's permissions protect it.
  }
  if (found.isDirectory()) for (const name of listFolder(path)) close(join(path, name));
}

/**
 * Restricts files in the data folder to their owner, in case an earlier start or a copy left them readable. Does not change the permissions of
 * folders that Parley did not create. Returns a warning if others can read the folder itself, else null.
 */
export function closeDataFolder(dir: string): string | null {
  // These bits do not reflect Windows permissions.
  if (platform() === "win32") return null;
  for (const name of listFolder(dir)) {
    if (OWN.test(name) || OWN_FOLDERS.includes(name)) close(join(dir, name));
  }
  const mode = (statSync(dir, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  return (mode & OTHERS) === 0
    ? null
    : `Other users of this machine can open the data folder ${dir} (mode ${mode.toString(8)}). Its files are closed to them; to close the folder too: chmod 700 ${dir}`;
}
