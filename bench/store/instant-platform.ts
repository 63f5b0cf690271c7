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
  /** Called as soon as a final stands in its thread. */
  onFinal(hear: (thread: string) => void): void;
}

/** A platform that does everything at once, and keeps the threads. */
export function createInstantPlatform(): InstantPlatform {
  const wiring: Wiring = { hear: () => {} };
  const threads = createThreads();
  return {
    platform: createPlatform(threads, wiring),
    async ask(thread, text) {
      const conversation = conversationOf(thread);
      const message: IncomingMessage = {
        ...threads.add(conversation, { author: ADA, text }),
        conversation,
        addressed: "mention",
        level: "everyone",
      };
      await wiring.intake?.message(message);
    },
    onFinal: (hear) => void (wiring.hear = hear),
  };
}

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
      { author, text, mark }: { author: Person; text: string; mark?: DeliveryMark },
    ): ThreadMessage {
      const id = String(++state.last).padStart(12, "0");
      const message = { id, author, text, files: [], at: state.last, ...(mark && { mark }) };
      of(conversation).push(message);
      return message;
    },
  };
}

const isSame = (a: DeliveryMark | undefined, b: DeliveryMark): boolean =>
  a?.turn === b.turn && a.kind === b.kind && a.chunk === b.chunk;

const conversationOf = (thread: string): ConversationId =>
  formatConversationId({ platform: "bench", space: "space", channel: "channel", thread });

const threadOf = (conversation: ConversationId): string => conversation.split(":").at(-1) ?? "";
