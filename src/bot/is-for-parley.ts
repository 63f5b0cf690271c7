import { type ConversationId, parseConversationId } from "../ids.ts";
import type { IncomingMessage, Platform } from "../platform.ts";
import type { Store } from "../store/store.ts";
import type { Listening } from "../teams/listening.ts";

export interface ListeningPorts {
  readonly store: Store;
  readonly listening: Listening;
  readonly platformOf: (conversation: ConversationId) => Platform;
  /** Threads that Parley is known not to be part of; whoever asked the platform once need not ask again. */
  readonly strangers: Set<ConversationId>;
}

/** How long a message may wait for its platform to say whether Parley is part of the thread, ms. */
const LOOK_MS = 1_500;
/** Beyond this the strangers are forgotten, and looked at again. */
const MOST_STRANGERS = 50_000;

/** Whether a message is to be answered, by how it is addressed and how Parley listens there. Rejects when the store does. */
export async function isForParley(
  ports: ListeningPorts,
  { addressed, conversation }: Pick<IncomingMessage, "addressed" | "conversation">,
): Promise<boolean> {
  if (addressed === "mention" || addressed === "direct") return true;
  if (addressed === "none") return false;
  const { mode } = await ports.listening.resolve(parseConversationId(conversation));
  if (mode === "always") return true;
  return mode === "thread" && addressed === "thread" && (await isPartOf(ports, conversation));
}

/** Whether Parley has had a turn in a thread: the store knows, and on a fresh disk the thread itself does. */
async function isPartOf(ports: ListeningPorts, conversation: ConversationId): Promise<boolean> {
  const [turn] = await ports.store.turns.recent(conversation, 1);
  if (turn) return ports.strangers.delete(conversation) || true;
  if (ports.strangers.has(conversation)) return false;
  const isKnown = await hasSpokenIn(ports, conversation);
  if (isKnown === false) {
    // The look may have shown a question that nobody had taken on.
    if ((await ports.store.turns.recent(conversation, 1)).length > 0) return true;
    if (ports.strangers.size >= MOST_STRANGERS) ports.strangers.clear();
    ports.strangers.add(conversation);
  }
  return isKnown ?? false;
}

/** undefined: the platform would not say in time. */
async function hasSpokenIn(
  { platformOf }: ListeningPorts,
  conversation: ConversationId,
): Promise<boolean | undefined> {
  try {
    const signal = AbortSignal.timeout(LOOK_MS);
    const { messages, complete } = await platformOf(conversation).history(conversation, signal);
    return (
      messages.some(({ mark }) => mark && mark.kind !== "note") || (complete ? false : undefined)
    );
  } catch {
    return undefined;
  }
}
