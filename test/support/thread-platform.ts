import type { CommandReply } from "../../src/reply.ts";
import { formatConversationId } from "../../src/ids.ts";
import { PlatformError } from "../../src/platform.ts";
import type {
  DeliveryMark,
  IncomingCommand,
  IncomingMessage,
  Intake,
  Outgoing,
  Person,
  Platform,
  ThreadMessage,
} from "../../src/platform.ts";
import type { StatusView } from "../../src/progress/status-view.ts";

export const ADA: Person = { id: "ada", name: "Ada", kind: "person" };
const SELF: Person = { id: "parley", name: "Parley", kind: "self" };

/** The thread in which everything happens. */
export const CONVERSATION = formatConversationId({
  platform: "test",
  space: "space",
  channel: "channel",
  thread: "thread",
});

/** Another one. */
export const OTHER_THREAD = formatConversationId({
  platform: "test",
  space: "space",
  channel: "channel",
  thread: "other",
});

interface Standing {
  message: ThreadMessage;
  content?: Outgoing;
}

/** A platform of one thread, kept in memory, and the people who write in it. */
export interface ThreadPlatform {
  readonly platform: Platform;
  /** A person writes to Parley; resolves when it has been taken on. */
  say(text: string, how?: Partial<IncomingMessage>): Promise<IncomingMessage>;
  /** A person writes while Parley is away. */
  write(text: string, how?: Partial<IncomingMessage>): IncomingMessage;
  /** The platform delivers a message once more. */
  redeliver(message: IncomingMessage): Promise<void>;
  edit(message: IncomingMessage, text: string, eventId?: string): Promise<void>;
  remove(message: IncomingMessage, eventId?: string): Promise<void>;
  command(text: string, how?: Partial<IncomingCommand>): Promise<CommandReply>;
  /** What Parley has posted, as its text, oldest first. */
  posted(kind: "final" | "note"): readonly string[];
  /** Those of the notes that one person alone sees. */
  whispered(): readonly string[];
  /** The footers' notes of the finals. */
  notes(): readonly string[];
  /** The status messages as they stand, oldest first. */
  statuses(): readonly StatusView[];
  /** From now on what people do reaches this intake. */
  reach(intake: Intake): void;
  /** The next posts fail with these, one each. */
  breakPosts(...errors: readonly PlatformError[]): void;
  /** From now on reading the thread fails. */
  breakHistory(error: PlatformError | null): void;
  /** From now on reading the thread takes until the result is called. */
  holdHistory(): () => void;
  /** From now on there is no room for edits, or there is again. */
  limitEdits(isLimited: boolean): void;
}

export function createThreadPlatform(name = "test"): ThreadPlatform {
  const standing: Standing[] = [];
  const wiring: {
    intake?: Intake;
    broken: PlatformError | null;
    isLimited: boolean;
    reading: Promise<void>;
  } = { broken: null, isLimited: false, reading: Promise.resolve() };
  const failures: PlatformError[] = [];
  const intake = (): Intake => {
    if (!wiring.intake) throw new Error("The platform has not been started.");
    return wiring.intake;
  };
  const find = (mark: DeliveryMark) =>
    standing.find(({ message }) => JSON.stringify(message.mark) === JSON.stringify(mark));
  const add = (message: ThreadMessage, content?: Outgoing) =>
    void standing.push({ message, ...(content && { content }) });
  let last = 0;
  const nextId = () => `m${++last}`;
  /** Right after the message before. */
  const now = () => Math.max(last, (standing.at(-1)?.message.at ?? 0) + 1);
  const write = (text: string, how: Partial<IncomingMessage> = {}): IncomingMessage => {
    const message: IncomingMessage = {
      id: nextId(),
      author: ADA,
      text,
      files: [],
      at: now(),
      conversation: CONVERSATION,
      addressed: "mention",
      level: "everyone",
      ...how,
    };
    add(message);
    return message;
  };

  return {
    platform: {
      name,
      capabilities: { maxTextLength: 4000, footerRoom: 0, maxParts: 4, minEditIntervalMs: 0 },
      start: async (given) => void (wiring.intake = given),
      stop: async () => {},
      isConnected: () => wiring.intake !== undefined,
      async history() {
        await wiring.reading;
        if (wiring.broken) throw wiring.broken;
        return { messages: standing.map(({ message }) => message), complete: true };
      },
      async post(conversation, content, mark) {
        const failure = failures.shift();
        if (failure) throw failure;
        const id = nextId();
        const text = content.kind === "status" ? content.view.phase : content.text;
        add({ id, author: SELF, text, files: [], at: now(), mark }, content);
        return { conversation, id };
      },
      async edit({ id }, content) {
        if (wiring.isLimited)
          throw new PlatformError("rate_limited", "Too many edits.", { retryAfterMs: 60_000 });
        const found = standing.find(({ message }) => message.id === id);
        if (!found) throw new PlatformError("gone", "There is no such message.");
        found.content = content;
      },
      async find(conversation, mark) {
        const found = find(mark);
        return found && { conversation, id: found.message.id };
      },
    },
    async say(text, how) {
      const message = write(text, how);
      await intake().message(message);
      return message;
    },
    write,
    redeliver: (message) => intake().message(message),
    async edit(message, text, eventId = "edit-1") {
      const edited = { ...message, text };
      const found = standing.find((one) => one.message.id === message.id);
      if (found) found.message = edited;
      await intake().edited(edited, eventId);
    },
    async remove({ id, conversation }, eventId = "deletion-1") {
      standing.splice(
        standing.findIndex(({ message }) => message.id === id),
        1,
      );
      await intake().deleted(conversation, id, eventId);
    },
    command: (text, how = {}) =>
      intake().command({
        conversation: CONVERSATION,
        eventId: nextId(),
        person: ADA,
        level: "admin",
        text,
        ...how,
      }),
    posted: (kind) =>
      standing.flatMap(({ content }) => (content?.kind === kind ? [content.text] : [])),
    whispered: () =>
      standing.flatMap(({ content }) =>
        content?.kind === "note" && content.only ? [content.text] : [],
      ),
    notes: () =>
      standing.flatMap(({ content }) =>
        content?.kind === "final" ? content.view.footer.notes : [],
      ),
    statuses: () =>
      standing.flatMap(({ content }) => (content?.kind === "status" ? [content.view] : [])),
    reach: (given) => void (wiring.intake = given),
    breakPosts: (...errors) => void failures.push(...errors),
    breakHistory: (error) => void (wiring.broken = error),
    holdHistory() {
      const { promise, resolve } = Promise.withResolvers<void>();
      wiring.reading = promise;
      return resolve;
    },
    limitEdits: (isLimited) => void (wiring.isLimited = isLimited),
  };
}
