import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { kill } from "node:process";

/** Folders for CLIs, who write transcripts and pictures of threads into them: only this user may read them, and they are wiped. */
export interface PrivateFolders {
  /** A new empty folder. */
  create(): Promise<string>;
  /** Removes a folder; what resists is removed at the next start. Never rejects. */
  wipe(folder: string): Promise<void>;
  /** Removes what processes that are gone left behind. Never rejects. */
  wipeLeft(): Promise<void>;
  /** Removes all folders of this process. Never rejects. */
  close(): Promise<void>;
}

export interface PrivateFoldersOptions {
  /** Parley's data folder. */
  readonly dataFolder: string;
  /** Of this process. */
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** The name of this machine. Default: the system's. */
  readonly host?: string;
}

/** A folder of another machine that shares the data folder is left behind once it has not changed for so long, ms. */
const FOREIGN_MS = 24 * 60 * 60 * 1000;
const OURS = { recursive: true, force: true, maxRetries: 3 } as const;

export function createPrivateFolders(options: PrivateFoldersOptions): PrivateFolders {
  const { dataFolder, pid, host = hostname() } = options;
  const root = resolve(dataFolder, "agents");
  const owner = `${host.replaceAll(/[^\w-]/g, "_")}.${pid}.`;
  let own: Promise<string> | undefined;
  const openOwn = async (): Promise<string> => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    // mkdtemp gives it the mode 0700.
    return mkdtemp(join(root, owner));
  };
  const wipe = (folder: string): Promise<void> => rm(folder, OURS).catch(() => undefined);
  return {
    async create() {
      own ??= openOwn();
      return mkdtemp(join(await own, "cli-"));
    },
    wipe,
    async wipeLeft() {
      const mine = await own;
      const names = await readdir(root).catch(() => []);
      for (const name of names) {
        const folder = join(root, name);
        if (folder !== mine && (await isLeft(folder, name, { ...options, host })))
          await wipe(folder);
      }
    },
    async close() {
      const mine = await own?.catch(() => undefined);
      own = undefined;
      if (mine !== undefined) await wipe(mine);
    },
  };
}

/** Whether the process that made a folder is gone. */
async function isLeft(
  folder: string,
  name: string,
  { pid: mine, wallClock, host = "" }: PrivateFoldersOptions,
): Promise<boolean> {
  const [owner = "", id = ""] = name.split(".");
  if (owner === host.replaceAll(/[^\w-]/g, "_")) return Number(id) === mine || !isAlive(Number(id));
  const changed = await stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => wallClock(),
  );
  return wallClock() - changed > FOREIGN_MS;
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
