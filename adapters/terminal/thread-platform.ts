import { PlatformError } from "../../src/platform.ts";
import type { Outgoing, Person, Platform, ThreadMessage } from "../../src/platform.ts";
import { formatDuration } from "../../src/progress/format.ts";
import { hasEnded, type StatusView } from "../../src/progress/status-view.ts";
import type { Front } from "./front.ts";
import { messageOf } from "./local-person.ts";
import type { Attachments } from "./threads/attachments.ts";
import type { Thread } from "./threads/thread.ts";
import type { MessageRecord } from "./threads/thread-record.ts";
import type { Threads } from "./threads/threads.ts";

const SELF: Person = { id: "parley", name: "Parley", kind: "self" };

export interface ThreadPlatformOptions {
  readonly threads: Threads;
  readonly attachments: Attachments;
  readonly show: Front["show"];
}

/** The threads on the disk as the place where messages stand; what is posted is kept before it is shown. */
export function createThreadPlatform(
  options: ThreadPlatformOptions,
): Pick<Platform, "history" | "post" | "edit" | "find"> {
  const { threads, attachments, show } = options;
  return {
    async history(conversation, signal) {
      const thread = await attempt(() => threads.of(conversation));
      if (signal.aborted) throw new PlatformError("rejected", "Reading the thread was cancelled.");
      const messages = thread.messages().map((record) => toMessage(record, attachments));
      return { messages, complete: true };
    },
    async post(conversation, content, mark) {
      const thread = await attempt(() => threads.of(conversation));
      const { id } = await attempt(() =>
        thread.add({ author: SELF, text: textOf(content), mark, ...keptFinal(content) }),
      );
      show(thread.name, content, true);
      return { conversation, id };
    },
    async edit({ conversation, id }, content) {
      const thread = await attempt(() => threads.of(conversation));
      if (!(await attempt(() => keepEdit(thread, id, content))))
        throw new PlatformError("gone", `There is no message ${id} in thread ${thread.name}.`);
      show(thread.name, content, false);
    },
    async find(conversation, mark) {
      const found = (await attempt(() => threads.of(conversation))).find(mark);
      return found && { conversation, id: found.id };
    },
  };
}

/** Whether the disk took it is not known when it fails half way: `unknown`. */
async function attempt<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const what = `The terminal's threads cannot be used (${messageOf(cause)}): check the disk and the data folder.`;
    throw new PlatformError("unknown", what, { cause });
  }
}

/** A running status changes many times a second: only its end is worth keeping. */
async function keepEdit(thread: Thread, id: string, content: Outgoing): Promise<boolean> {
  if (content.kind !== "status" || hasEnded(content.view)) return thread.edit(id, textOf(content));
  return thread.messages().some((message) => message.id === id);
}

function textOf(content: Outgoing): string {
  switch (content.kind) {
    case "status":
      return formatStatus(content.view);
    case "final":
      return content.file?.text ?? content.text;
    case "note":
      return content.text;
  }
}

const formatStatus = ({ team, phase, elapsedMs }: StatusView): string =>
  `${team} · ${phase} · ${formatDuration(elapsedMs)}`;

function keptFinal(content: Outgoing): Pick<MessageRecord, "final"> {
  if (content.kind !== "final" || content.chunk !== content.chunks - 1) return {};
  const { presenter, split, footer } = content.view;
  return { final: { presenter, split, footer: { ...footer, notes: [...footer.notes] } } };
}

const toMessage = (record: MessageRecord, attachments: Attachments): ThreadMessage => ({
  id: record.id,
  author: record.author,
  text: record.text,
  files: record.files.map((file) => attachments.attached(file)),
  at: record.at,
  ...(record.mark && { mark: record.mark }),
});
