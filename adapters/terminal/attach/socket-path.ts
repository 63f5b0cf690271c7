import { createHash } from "node:crypto";
import { lstat, mkdir, realpath } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

/** Longer paths of sockets are refused by some systems. */
const LONGEST_PATH = 100;

/**
 * Where terminals of a folder meet: a socket that only this user can reach. undefined: there is no such place here, so a folder serves one
 * terminal at a time.
 */
export async function socketPath(dir: string, platform: string): Promise<string | undefined> {
  if (platform === "win32") return undefined;
  // Whoever opens the store says what is wrong with the folder.
  if (!(await isMade(dir))) return undefined;
  const beside = join(resolve(dir), "socket");
  if (Buffer.byteLength(beside) <= LONGEST_PATH) return (await isPrivate(dir)) ? beside : undefined;
  const folder = join(tmpdir(), `parley-${userInfo().uid}`);
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
  const name = createHash("sha256")
    .update(await realpath(dir))
    .digest("hex")
    .slice(0, 32);
  return (await isPrivate(folder)) ? join(folder, name) : undefined;
}

const isMade = (dir: string): Promise<boolean> =>
  mkdir(dir, { recursive: true, mode: 0o700 }).then(
    () => true,
    () => false,
  );

/** A folder of this user that nobody else may enter. */
async function isPrivate(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  const isOurs = found?.isDirectory() === true && found.uid === userInfo().uid;
  return isOurs && (found.mode & 0o077) === 0;
}
