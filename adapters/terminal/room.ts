import { stat } from "node:fs/promises";
import type { Attachments } from "../../src/adapter-kit/own-threads/attachments.ts";
import type { Thread } from "../../src/adapter-kit/own-threads/thread.ts";
import type { FileRecord } from "../../src/adapter-kit/own-threads/thread-record.ts";
import type { Threads } from "../../src/adapter-kit/own-threads/threads.ts";
import type { StoredThread } from "../../src/adapter-storage.ts";

/** The open thread, and the files for the next message. */
export interface Room {
  /** Whether the thread was open here before, or is now. */
  hasVisited(thread: string): boolean;
  /** The open thread; undefined before `enter`. */
  thread(): Thread | undefined;
  /** Its name; "" before `enter`. */
  name(): string;
  /** Opens a thread by name, or a new one; without a name, one with a generated name. */
  enter(name?: string): Promise<Thread>;
  /** The latest threads; `lookUp` uses their order. */
  list(): Promise<readonly StoredThread[]>;
  /** Resolves "3" or a name to a thread's name; undefined: there is no such thread. */
  lookUp(which: string): Promise<string | undefined>;
  /** Rejects with what is wrong with the file. */
  attach(path: string): Promise<FileRecord>;
  /** The same, unless there is no file with this path: then undefined. */
  attachIfFile(path: string): Promise<FileRecord | undefined>;
  attached(): readonly FileRecord[];
  /** Returns the attached files and clears them. */
  takeAttached(): readonly FileRecord[];
}

const MOST_LISTED = 20;
// File names hold 255 bytes, and a percent-encoded letter may take twelve.
const LONGEST_NAME = 60;

export function createRoom(
  threads: Threads,
  attachments: Pick<Attachments, "take">,
  onThread: (name: string) => void = () => undefined,
): Room {
  let current: Thread | undefined;
  const visited = new Set<string>();
  let listed: readonly StoredThread[] = [];
  let files: readonly FileRecord[] = [];
  const list = async () => (listed = (await threads.list()).slice(0, MOST_LISTED));
  const attach = async (path: string) => {
    const file = await attachments.take(path);
    files = [...files, file];
    return file;
  };
  return {
    hasVisited: (thread) => visited.has(thread),
    thread: () => current,
    name: () => current?.name ?? "",
    async enter(name) {
      current = await threads.open(
        name === undefined ? await threads.freshName() : checkName(name),
      );
      visited.add(current.name);
      onThread(current.name);
      return current;
    },
    list,
    async lookUp(which) {
      const entries = listed.length > 0 ? listed : await list();
      const byNumber = /^\d+$/.test(which) ? entries[Number(which) - 1] : undefined;
      const byName = () => threads.list().then((all) => all.find(({ name }) => name === which));
      return (byNumber ?? (await byName()))?.name;
    },
    attach,
    async attachIfFile(path) {
      const isFile = await stat(path).then(
        (found) => found.isFile(),
        () => false,
      );
      return isFile ? attach(path) : undefined;
    },
    attached: () => files,
    takeAttached() {
      const taken = files;
      files = [];
      return taken;
    },
  };
}

function checkName(name: string): string {
  if (/^[^\p{Cc}]{1,60}$/u.test(name) && name.isWellFormed()) return name;
  throw new Error(`A thread's name is 1 to ${LONGEST_NAME} characters on one line.`);
}
