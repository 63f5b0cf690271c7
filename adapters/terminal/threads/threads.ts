import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { formatConversationId, parseConversationId } from "../../../src/ids.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { isMissing } from "./record-log.ts";
import { openThread } from "./thread.ts";
import type { Thread } from "./thread.ts";

/** A thread as `/threads` lists it. */
export interface ThreadEntry {
  readonly name: string;
  /** Milliseconds since the epoch, of the last line written. */
  readonly changedAt: number;
}

/** The terminal's conversations: one file each under a folder. */
export interface Threads {
  /** The same object for the same name; a thread that nobody has written in has no file yet. */
  open(name: string): Promise<Thread>;
  of(conversation: ConversationId): Promise<Thread>;
  readonly conversationOf: (name: string) => ConversationId;
  /** Latest first. */
  list(): Promise<readonly ThreadEntry[]>;
  /** A name that no thread has. */
  freshName(): Promise<string>;
}

const EXTENSION = ".jsonl";

export interface ThreadsOptions {
  readonly folder: string;
  /** The first part of their conversations' ids. */
  readonly platform: string;
  readonly wallTime: () => number;
}

export function createThreads({ folder, platform, wallTime }: ThreadsOptions): Threads {
  const opened = new Map<string, Promise<Thread>>();
  const open = (name: string) => {
    const thread = opened.get(name) ?? openThread(name, pathOf(folder, name), wallTime);
    opened.set(name, thread);
    // A thread that could not be read is tried again next time.
    thread.catch(() => opened.delete(name));
    return thread;
  };
  const list = () => listThreads(folder);
  return {
    open,
    of: (conversation) => open(parseConversationId(conversation).thread),
    conversationOf: (thread) =>
      formatConversationId({ platform, space: "", channel: "local", thread }),
    list,
    async freshName() {
      const taken = new Set([...opened.keys(), ...(await list()).map(({ name }) => name)]);
      const day = formatDay(wallTime());
      for (let n = 1; ; n++) if (!taken.has(`${day}-${n}`)) return `${day}-${n}`;
    },
  };
}

async function listThreads(folder: string): Promise<readonly ThreadEntry[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const entries = files
    .flatMap((file) => nameOf(file) ?? [])
    .map(async (name) => ({ name, changedAt: (await stat(pathOf(folder, name))).mtimeMs }));
  return (await Promise.all(entries)).sort((a, b) => b.changedAt - a.changedAt);
}

const pathOf = (folder: string, name: string): string =>
  join(folder, `${encodeURIComponent(name)}${EXTENSION}`);

/** The thread that a file keeps; undefined for a file that is not ours. */
function nameOf(file: string): string | undefined {
  if (!file.endsWith(EXTENSION)) return undefined;
  try {
    const name = decodeURIComponent(file.slice(0, -EXTENSION.length));
    return pathOf("", name) === file ? name : undefined;
  } catch {
    return undefined;
  }
}

function formatDay(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
