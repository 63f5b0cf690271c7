import { randomUUID } from "node:crypto";
import { refused } from "../../src/commands/run/compose-reply.ts";
import type { CommandReply } from "../../src/reply.ts";
import type { Intake, Person } from "../../src/platform.ts";
import type { Attachments } from "../../src/adapter-kit/own-threads/attachments.ts";
import type { FileRecord, MessageRecord } from "../../src/adapter-kit/own-threads/thread-record.ts";
import type { Threads } from "../../src/adapter-kit/own-threads/threads.ts";

/** The person at the terminal. Their messages are stored in the thread, then passed to the intake. */
export interface LocalPerson {
  /**
   * Rejects when the thread cannot be written. `accepted` rejects when the intake did not accept the message, which is in the thread even
   * so.
   */
  send(
    message: LocalMessage,
  ): Promise<{ readonly message: string; readonly accepted: Promise<void> }>;
  /** `text` without the slash. Never rejects: a failure is a reply. */
  readonly command: (thread: string, text: string) => Promise<CommandReply>;
}

export interface LocalMessage {
  readonly thread: string;
  readonly text: string;
  readonly files: readonly FileRecord[];
}

export interface LocalPersonOptions {
  readonly intake: Intake;
  readonly threads: Threads;
  readonly attachments: Attachments;
  readonly person: Person;
  /** The message is in the thread. */
  readonly onSaid: (thread: string, message: MessageRecord) => void;
}

export function createLocalPerson(options: LocalPersonOptions): LocalPerson {
  const { intake, threads, attachments, person, onSaid } = options;
  return {
    async send({ thread, text, files }) {
      const record = await (
        await threads.open(thread)
      ).add({ author: person, text, files: [...files] });
      onSaid(thread, record);
      const accepted = intake.message({
        id: record.id,
        author: person,
        text,
        at: record.at,
        files: files.map((file) => attachments.attached(file)),
        conversation: threads.conversationOf(thread),
        addressed: "direct",
        level: "installation",
      });
      return { message: record.id, accepted };
    },
    command: (thread, text) =>
      intake
        .command({
          conversation: threads.conversationOf(thread),
          eventId: randomUUID(),
          person,
          level: "installation",
          text,
        })
        .catch((error: unknown) => failedReply(text, error)),
  };
}

const failedReply = (text: string, error: unknown): CommandReply =>
  refused(`/${text} failed`, [messageOf(error)]);

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
