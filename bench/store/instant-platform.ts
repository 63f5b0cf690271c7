import { formatConversationId } from "../../src/ids.ts";
import type { ConversationId } from "../../src/ids.ts";
import type {
  DeliveryMark,
  IncomingMessage,
  Intake,
  Person,
  Platform,
  ThreadMessage,
} from "../../src/platform.ts";

const ADA: Person = { id: "ada", name: "Ada", kind: "person" };
const SELF: Person = { id: "parley", name: "Parley", kind: "self" };

export interface InstantPlatform {
  readonly platform: Platform;
  /** Resolves when the message is taken on. */
  ask(thread: string, text: string): Promise<void>;
  /** Gives a command, such as "stop". Throws what it says if it does nothing. */
  command(thread: string, text: string): Promise<void>;
  /** Changes the last question of a thread. */
  edit(thread: string, text: string): Promise<void>;
  /** What people asked, oldest first. */
  questions(): readonly Question[];
  /** Called as soon as a final stands in its thread. */
  onFinal(hear: (thread: string) => void): void;
}

/** A message of a person. */
export interface Question {
  readonly id: string;
  readonly thread: string;
  readonly text: string;
}

/** A platform that does everything at once, and keeps the threads. `asked`: what people wrote before, in another process. */
export function createInstantPlatform(asked: readonly Question[] = []): InstantPlatform {
  const wiring: Wiring = { hear: () => {} };
  const threads = createThreads();
  for (const { thread, id, text } of asked) {
    threads.add(conversationOf(thread), { author: ADA, text, id });
  }
  return {
    platform: createPlatform(threads, wiring),
    async ask(thread, text) {
      const conversation = conversationOf(thread);
      const added = threads.add(conversation, { author: ADA, text });
      await wiring.intake?.message(incoming(conversation, added));
    },
    async command(thread, text) {
      const conversation = conversationOf(thread);
      const by = { person: ADA, level: "everyone" } as const;
      const command = { conversation, eventId: crypto.randomUUID(), ...by, text };
      const reply = await wiring.intake?.command(command);
      if (!reply?.ok) throw new Error(`"${text}" did nothing: ${reply?.title}`);
    },
    async edit(thread, text) {
      const conversation = conversationOf(thread);
      const edited = threads.edit(conversation, text);
      await wiring.intake?.edited(incoming(conversation, edited), crypto.randomUUID());
    },
    questions: () => threads.questions(),
    onFinal: (hear) => void (wiring.hear = hear),
  };
}

const incoming = (conversation: ConversationId, message: ThreadMessage): IncomingMessage => ({
  ...message,
  conversation,
  addressed: "mention",
  level: "everyone",
});

interface Wiring {
  intake?: Intake;
  hear: (thread: string) => void;
}

const createPlatform = (threads: ReturnType<typeof createThreads>, wiring: Wiring): Platform => ({
  name: "bench",
  capabilities: { maxTextLength: 4_000, footerRoom: 0, maxParts: 4, minEditIntervalMs: 0 },
  start: async (intake) => void (wiring.intake = intake),
  stop: async () => {},
  history: async (conversation) => ({ messages: threads.of(conversation), complete: true }),
  async post(conversation, content, mark) {
    const text = content.kind === "status" ? "" : content.text;
    const { id } = threads.add(conversation, { author: SELF, text, mark });
    if (mark.kind === "final") wiring.hear(threadOf(conversation));
    return { conversation, id };
  },
  edit: async () => {},
  async find(conversation, mark) {
    const found = threads.of(conversation).find((message) => isSame(message.mark, mark));
    return found && { conversation, id: found.id };
  },
  isConnected: () => true,
});

function createThreads() {
  const threads = new Map<ConversationId, ThreadMessage[]>();
  const state = { last: 0 };
  const of = (conversation: ConversationId): ThreadMessage[] => {
    const known = threads.get(conversation) ?? [];
    threads.set(conversation, known);
    return known;
  };
  return {
    of,
    add(
      conversation: ConversationId,
      {
        author,
        text,
        mark,
        id: known,
      }: { author: Person; text: string; mark?: DeliveryMark; id?: string },
    ): ThreadMessage {
      state.last = Math.max(state.last + 1, Number(known ?? 0));
      const id = String(state.last).padStart(12, "0");
      const message = { id, author, text, files: [], at: state.last, ...(mark && { mark }) };
      of(conversation).push(message);
      return message;
    },
    /** Changes the last message of a person. */
    edit(conversation: ConversationId, text: string): ThreadMessage {
      const messages = of(conversation);
      const at = messages.findLastIndex(({ author }) => author.kind === "person");
      const before = messages[at];
      if (!before) throw new Error(`Nobody has asked in ${conversation}.`);
      return (messages[at] = { ...before, text });
    },
    questions: (): readonly Question[] =>
      [...threads]
        .flatMap(([conversation, messages]) =>
          messages
            .filter(({ author }) => author.kind === "person")
            .map(({ id, text }) => ({ id, text, thread: threadOf(conversation) })),
        )
        .toSorted((a, b) => Number(a.id) - Number(b.id)),
  };
}

const isSame = (a: DeliveryMark | undefined, b: DeliveryMark): boolean =>
  a?.turn === b.turn && a.kind === b.kind && a.chunk === b.chunk;

const conversationOf = (thread: string): ConversationId =>
  formatConversationId({ platform: "bench", space: "space", channel: "channel", thread });

const threadOf = (conversation: ConversationId): string => conversation.split(":").at(-1) ?? "";
