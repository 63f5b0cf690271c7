import { chmodSync, lstatSync, readdirSync, statSync, type Stats } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";

/** What Parley keeps in its data folder: databases with their journals, locks, the log; backups; the terminal's threads. */
const OWN = /^((parley|kv|lock)\.db(-wal|-shm|-journal|\.moved)?|parley\.(pid|log))$/;
const OWN_FOLDERS = ["backups", "terminal"];

/** Rights of the group and of everybody else. */
const OTHERS = 0o077;

const lookAt = (path: string): Stats | null => lstatSync(path, { throwIfNoEntry: false }) ?? null;

function listFolder(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** Never follows a link: what it points to is somebody else's. */
function close(path: string): void {
  const found = lookAt(path);
  if (found === null || found.isSymbolicLink()) return;
  const isOpen = (found.mode & OTHERS) !== 0;
  try {
    if (isOpen && (found.isFile() || found.isDirectory())) chmodSync(path, found.mode & 0o700);
  } catch {
    // Another user's file: the folder's own rights decide.
  }
  if (found.isDirectory()) for (const name of listFolder(path)) close(join(path, name));
}

/**
 * Takes from everybody but the owner what the data folder of an earlier start, or of a copy, left open; folders that Parley did not make keep
 * their rights. Returns a warning where others can look into the folder itself; null: they cannot.
 */
export function closeDataFolder(dir: string): string | null {
  // Windows has other rights, which these bits do not tell.
  if (platform() === "win32") return null;
  for (const name of listFolder(dir)) {
    if (OWN.test(name) || OWN_FOLDERS.includes(name)) close(join(dir, name));
  }
  const mode = (statSync(dir, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  return (mode & OTHERS) === 0
    ? null
    : `Other users of this machine can open the data folder ${dir} (mode ${mode.toString(8)}). Its files are closed to them; to close the folder too: chmod 700 ${dir}`;
}
