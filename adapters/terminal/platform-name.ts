import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The terminal's platform name, unless several terminals share a database. */
export const ONLY_TERMINAL = "terminal";

const freshName = () => `${ONLY_TERMINAL}-${randomBytes(4).toString("hex")}`;

/**
 * The platform name of a terminal's folder, so that terminals on one database can be told apart. Stored in the folder; `fresh` if there is
 * none yet.
 */
export async function loadPlatformName(dir: string, fresh = freshName()): Promise<string> {
  const path = join(dir, "name");
  await mkdir(dir, { recursive: true, mode: 0o700 });
  // Of two processes, the second reads the name that the first wrote.
  await writeFile(path, `${fresh}\n`, { flag: "wx", mode: 0o600 }).catch(ignoreExisting);
  const name = (await readFile(path, "utf8")).trim();
  if (/^terminal(-[a-z0-9]+)?$/.test(name)) return name;
  throw new Error(`${path} contains no valid name. Delete it, and Parley creates a new one.`);
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}
