import { access, constants, realpath, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/** A program on this machine. */
export interface FoundCommand {
  /** Absolute; may be a link. */
  readonly file: string;
  /** Changes when the program is updated. */
  readonly version: string;
}

/** The program of this name in `path` (the variable PATH), or at this place if the name has a slash; null: there is none that may be run. */
export async function findCommand(name: string, path: string): Promise<FoundCommand | null> {
  const places = /[/\\]/.test(name)
    ? [resolve(name)]
    : path
        .split(delimiter)
        .filter((folder) => isAbsolute(folder))
        .map((folder) => join(folder, name));
  for (const file of places) {
    const version = await versionOf(file);
    if (version !== null) return { file, version };
  }
  return null;
}

async function versionOf(file: string): Promise<string | null> {
  try {
    await access(file, constants.X_OK);
    const real = await realpath(file);
    const { mtimeMs, isFile } = await stat(real).then((found) => ({
      mtimeMs: found.mtimeMs,
      isFile: found.isFile(),
    }));
    return isFile ? `${real} ${mtimeMs}` : null;
  } catch {
    return null;
  }
}
