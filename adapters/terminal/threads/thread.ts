import { randomUUID } from "node:crypto";
import type { DeliveryMark, Person } from "../../../src/platform.ts";
import { openRecordLog } from "./record-log.ts";
import type { MessageRecord, ThreadRecord } from "./thread-record.ts";

/** One conversation of the terminal: its messages, and the file that keeps them. */
export interface Thread {
  readonly name: string;
  /** Oldest first, as edited. */
  messages(): readonly MessageRecord[];
  find(mark: DeliveryMark): MessageRecord | undefined;
  /** Resolves when the message is on the disk. */
  add(message: NewMessage): Promise<MessageRecord>;
  /** Resolves when the new text is written; false: there is no such message. */
  edit(id: string, text: string): Promise<boolean>;
}

export interface NewMessage {
  readonly author: Person;
  readonly text: string;
  readonly files?: MessageRecord["files"];
  readonly mark?: DeliveryMark;
  readonly final?: MessageRecord["final"];
}

/** Reads a thread's file, if it has one. Rejects when the file cannot be read. */
export async function openThread(
  name: string,
  path: string,
  wallTime: () => number,
): Promise<Thread> {
  const { log, records } = await openRecordLog(path);
  const messages = new Map<string, MessageRecord>();
  for (const record of records) apply(messages, record);
  const append = async (record: ThreadRecord, durable: boolean) => {
    await log.append(record, durable);
    apply(messages, record);
  };
  return {
    name,
    messages: () => [...messages.values()],
    find: (mark) => [...messages.values()].find((message) => isMarked(message, mark)),
    async add({ files = [], ...message }) {
      const at = wallTime();
      const record = { type: "message" as const, id: randomUUID(), at, ...message, files };
      // A status is lossy by nature; losing its first text harms nobody.
      await append(record, message.mark?.kind !== "status");
      return record;
    },
    async edit(id, text) {
      if (!messages.has(id)) return false;
      await append({ type: "edit", id, at: wallTime(), text }, false);
      return true;
    },
  };
}

function apply(messages: Map<string, MessageRecord>, record: ThreadRecord): void {
  if (record.type === "message") return void messages.set(record.id, record);
  const edited = messages.get(record.id);
  if (edited) messages.set(record.id, { ...edited, text: record.text });
}

const isMarked = ({ mark }: MessageRecord, wanted: DeliveryMark): boolean =>
  mark?.turn === wanted.turn && mark.kind === wanted.kind && mark.chunk === wanted.chunk;
