import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What the terminal is called where no other one is served from the same database. */
export const ONLY_TERMINAL = "terminal";

const freshName = () => `${ONLY_TERMINAL}-${randomBytes(4).toString("hex")}`;

/**
 * The name under which a terminal's folder is known among others on one database, so that each is asked for its own threads only; kept in
 * the folder, and `fresh` when there is none yet.
 */
export async function loadPlatformName(dir: string, fresh = freshName()): Promise<string> {
  const path = join(dir, "name");
  await mkdir(dir, { recursive: true, mode: 0o700 });
  // Whoever comes second reads what the first one wrote.
  await writeFile(path, `${fresh}\n`, { flag: "wx", mode: 0o600 }).catch(ignoreExisting);
  const name = (await readFile(path, "utf8")).trim();
  if (/^terminal(-[a-z0-9]+)?$/.test(name)) return name;
  throw new Error(`${path} holds no terminal's name. Remove it: a new one is made.`);
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}
