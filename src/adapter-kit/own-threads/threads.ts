import type { StoredThread, ThreadLines } from "../../adapter-storage.ts";
import { type ConversationId, formatConversationId, parseConversationId } from "../../ids.ts";
import { openThread, type Thread } from "./thread.ts";

/** The conversations of a platform whose threads Parley itself stores. */
export interface Threads {
  /** A thread that nobody has written in is empty. Where one process alone writes, the same name gives the same object. */
  open(name: string): Promise<Thread>;
  of(conversation: ConversationId): Promise<Thread>;
  readonly conversationOf: (name: string) => ConversationId;
  /** Latest first. */
  list(): Promise<readonly StoredThread[]>;
  /** A name that no thread has: the day and a number. */
  freshName(): Promise<string>;
}

export interface ThreadsOptions {
  readonly lines: ThreadLines;
  /** The first part of the conversations' ids. */
  readonly platform: string;
  /** The third part. */
  readonly channel: string;
  readonly wallTime: () => number;
}

export function createThreads({ lines, platform, channel, wallTime }: ThreadsOptions): Threads {
  const opened = new Map<string, Promise<Thread>>();
  const open = (name: string) => {
    if (lines.isShared) return openThread(name, lines, wallTime);
    const thread = opened.get(name) ?? openThread(name, lines, wallTime);
    opened.set(name, thread);
    // A thread that could not be read is tried again next time.
    thread.catch(() => opened.delete(name));
    return thread;
  };
  return {
    open,
    of: (conversation) => open(parseConversationId(conversation).thread),
    conversationOf: (thread) => formatConversationId({ platform, space: "", channel, thread }),
    list: () => lines.list(),
    async freshName() {
      const stored = (await lines.list()).map(({ name }) => name);
      const taken = new Set([...opened.keys(), ...stored]);
      const day = formatDay(wallTime());
      for (let n = 1; ; n++) if (!taken.has(`${day}-${n}`)) return `${day}-${n}`;
    },
  };
}

function formatDay(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
