import { randomUUID } from "node:crypto";
import { type DeliveryMark, type Person, sameMark } from "../../platform.ts";
import type { ThreadLines } from "../../adapter-storage.ts";
import { type MessageRecord, parseRecord, type ThreadRecord } from "./thread-record.ts";

/** A thread that Parley itself stores. */
export interface Thread {
  readonly name: string;
  /** Oldest first, as edited. */
  messages(): readonly MessageRecord[];
  find(mark: DeliveryMark): MessageRecord | undefined;
  /** Resolves when the message is stored. */
  add(message: NewMessage): Promise<MessageRecord>;
  /** Resolves when the new text is stored; false: there is no such message. */
  edit(id: string, text: string): Promise<boolean>;
}

export interface NewMessage {
  readonly author: Person;
  readonly text: string;
  readonly files?: MessageRecord["files"];
  readonly mark?: DeliveryMark;
  readonly final?: MessageRecord["final"];
}

/** Reads a thread. Lines that cannot be read (torn by a crash, or written by a later version) are skipped. Rejects when the storage does. */
export async function openThread(
  name: string,
  lines: ThreadLines,
  wallTime: () => number,
): Promise<Thread> {
  const messages = new Map<string, MessageRecord>();
  for (const record of (await lines.read(name)).flatMap(parseRecord)) apply(messages, record);
  const append = async (record: ThreadRecord, durable: boolean) => {
    await lines.append(name, JSON.stringify(record), durable);
    apply(messages, record);
  };
  return {
    name,
    messages: () => [...messages.values()],
    find: (mark) => [...messages.values()].find((message) => sameMark(message.mark, mark)),
    async add({ files = [], ...message }) {
      const at = wallTime();
      const record = { type: "message" as const, id: randomUUID(), at, ...message, files };
      // Losing the first text of a status does no harm.
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
