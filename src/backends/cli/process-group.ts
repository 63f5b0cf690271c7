import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { kill } from "node:process";

/** Signals a process and all of its group, which it leads; a group that is gone is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    kill(-leader, signal);
  } catch {
    // It is gone.
  }
}

/** The guard waits so many seconds, in which most CLIs end by themselves because their stdin has closed. */
const GRACE_SECONDS = 2;

const WAIT = `read -r word; [ "$word" = over ] && exit; sleep ${GRACE_SECONDS}; kill -s KILL -- "-$0"`;

/**
 * Kills a process group after the death of this process, however it dies: a shell waits for the end of a pipe that only this process holds.
 * Some CLIs outlive the end of their stdin. The result calls the guard off. Needs /bin/sh; without it there is no guard.
 */
export function guardGroup(leader: number): () => void {
  const guard = spawn("/bin/sh", ["-c", WAIT, String(leader)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
  });
  guard.on("error", () => {});
  guard.stdin.on("error", () => {});
  guard.unref();
  return () => void guard.stdin.end("over\n");
}

/** Bytes. `getconf PAGESIZE` of the systems that Node supports with a /proc. */
const PAGE = 4096;

/** Megabytes of memory of a process and its descendants; null where the system does not tell (it has no /proc). */
export async function memoryOf(pid: number): Promise<number | null> {
  const pages = await pagesOf(pid);
  return pages === null ? null : Math.round((pages * PAGE) / 2 ** 20);
}

async function pagesOf(pid: number): Promise<number | null> {
  try {
    const [sizes, children] = await Promise.all([
      readFile(`/proc/${pid}/statm`, "utf8"),
      readFile(`/proc/${pid}/task/${pid}/children`, "utf8"),
    ]);
    const pids = children.split(" ").filter((word) => word.trim() !== "");
    const below = await Promise.all(pids.map((child) => pagesOf(Number(child))));
    const own = Number(sizes.split(" ")[1] ?? 0);
    return below.reduce<number>((sum, pages) => sum + (pages ?? 0), own);
  } catch {
    return null;
  }
}
