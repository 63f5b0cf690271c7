import { PlatformError } from "../../platform.ts";
import type { Outgoing, Person, Platform, ThreadMessage } from "../../platform.ts";
import { phaseWords } from "../../progress/status-words.ts";
import { hasEnded, type StatusView } from "../../progress/status-view.ts";
import type { Attachments } from "./attachments.ts";
import type { Thread } from "./thread.ts";
import type { MessageRecord } from "./thread-record.ts";
import type { Threads } from "./threads.ts";

const SELF: Person = { id: "parley", name: "Parley", kind: "self" };

export interface ThreadPostsOptions {
  readonly threads: Threads;
  readonly attachments: Pick<Attachments, "attached">;
  /** Shows a message of Parley's, new or edited, after it was stored. */
  readonly show: (thread: string, content: Outgoing, isNew: boolean) => void;
}

/** Reads and posts in threads that Parley itself stores. */
export function createThreadPosts(
  options: ThreadPostsOptions,
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
        thread.add({ author: SELF, text: textOf(content), mark, ...storedFinal(content) }),
      );
      show(thread.name, content, true);
      return { conversation, id };
    },
    async edit({ conversation, id }, content) {
      const thread = await attempt(() => threads.of(conversation));
      if (!(await attempt(() => storeEdit(thread, id, content))))
        throw new PlatformError("gone", `There is no message ${id} in thread ${thread.name}.`);
      show(thread.name, content, false);
    },
    async find(conversation, mark) {
      const found = (await attempt(() => threads.of(conversation))).find(mark);
      return found && { conversation, id: found.id };
    },
  };
}

/** A failed write may have been stored all the same, so its outcome is unknown. */
async function attempt<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = `The stored threads cannot be used (${why}): check the disk and the data folder.`;
    throw new PlatformError("unknown", what, { cause });
  }
}

/** A running status changes many times a second, so only its last state is stored. */
async function storeEdit(thread: Thread, id: string, content: Outgoing): Promise<boolean> {
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

const formatStatus = (view: StatusView): string => `${view.team} ${phaseWords(view)}`;

function storedFinal(content: Outgoing): Pick<MessageRecord, "final"> {
  if (content.kind !== "final" || content.chunk !== content.chunks - 1) return {};
  const { presenter, split, objection, footer } = content.view;
  return {
    final: { presenter, split, objection, footer: { ...footer, notes: [...footer.notes] } },
  };
}

const toMessage = (
  record: MessageRecord,
  attachments: Pick<Attachments, "attached">,
): ThreadMessage => ({
  id: record.id,
  author: record.author,
  text: record.text,
  files: record.files.map((file) => attachments.attached(file)),
  at: record.at,
  ...(record.mark && { mark: record.mark }),
});
