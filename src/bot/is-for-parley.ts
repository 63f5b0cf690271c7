import { type BoundedMap, createBoundedMap } from "../bounded-map.ts";
import { type ConversationId, parseConversationId } from "../ids.ts";
import type { IncomingMessage, Platform, ThreadHistory } from "../platform.ts";
import type { Store } from "../store/store.ts";
import type { Listening } from "../teams/listening.ts";

type Strangers = BoundedMap<ConversationId, true>;

export interface ListeningPorts {
  readonly store: Store;
  readonly listening: Listening;
  readonly platformOf: (conversation: ConversationId) => Platform;
  /** Accepts recent messages of a thread that no process has claimed. Never rejects. */
  readonly catchUp: (conversation: ConversationId, history: ThreadHistory) => Promise<void>;
  /** Threads that Parley is known not to be part of, so that they are not read again. */
  readonly strangers: Strangers;
}

/** How long reading the thread may delay a message, ms: Slack expects the acknowledgement within 3 s. */
const LOOK_MS = 1_500;
/** A thread beyond this is read again. */
const MOST_STRANGERS = 50_000;

export const createStrangers = (): Strangers => createBoundedMap(MOST_STRANGERS);

type Asked = Pick<IncomingMessage, "addressed" | "conversation" | "mayOvertake">;

/** Whether to answer a message, by how it is addressed and the listening mode there. Rejects when the store does. */
export async function isForParley(ports: ListeningPorts, message: Asked): Promise<boolean> {
  const heard = await listenedTo(ports, message);
  if (heard === "never") return false;
  const { conversation, mayOvertake = false } = message;
  const needsPart = heard === "as part";
  if (!needsPart && !mayOvertake) return true;
  const isPart = await isPartOf(ports, conversation);
  return isPart || !needsPart;
}

/** Whether Parley answers such messages there, provided that it is part of their thread. */
export const isListenedTo = async (
  ports: Pick<ListeningPorts, "listening">,
  message: Asked,
): Promise<boolean> => (await listenedTo(ports, message)) !== "never";

/** `as part`: only if Parley is part of the thread. */
async function listenedTo(
  { listening }: Pick<ListeningPorts, "listening">,
  { addressed, conversation }: Asked,
): Promise<"always" | "as part" | "never"> {
  if (addressed === "mention" || addressed === "direct") return "always";
  if (addressed === "none") return "never";
  const { mode } = await listening.resolve(parseConversationId(conversation));
  if (mode === "always") return "always";
  return mode === "thread" && addressed === "thread" ? "as part" : "never";
}

/**
 * Whether Parley has had a turn in a thread, according to the store or the thread itself. Reading the thread also finds questions whose
 * event was lost.
 */
async function isPartOf(ports: ListeningPorts, conversation: ConversationId): Promise<boolean> {
  const { strangers } = ports;
  if (await hasBegun(ports, conversation)) {
    strangers.delete(conversation);
    return true;
  }
  if (strangers.get(conversation)) return false;
  const history = await look(ports, conversation);
  if (!history) return false;
  await ports.catchUp(conversation, history);
  const isPart =
    history.messages.some(({ mark }) => mark && mark.kind !== "note") ||
    (await hasBegun(ports, conversation));
  if (isPart || !history.complete) return isPart;
  strangers.set(conversation, true);
  return false;
}

const hasBegun = async (
  { store }: Pick<ListeningPorts, "store">,
  conversation: ConversationId,
): Promise<boolean> => (await store.turns.recent(conversation, 1)).length > 0;

/** undefined: the platform did not return the thread in time. */
async function look(
  { platformOf }: Pick<ListeningPorts, "platformOf">,
  conversation: ConversationId,
): Promise<ThreadHistory | undefined> {
  const signal = AbortSignal.timeout(LOOK_MS);
  const late = new Promise<undefined>((resolve) =>
    signal.addEventListener("abort", () => resolve(undefined), { once: true }),
  );
  const shown = platformOf(conversation)
    .history(conversation, signal)
    .catch(() => undefined);
  return Promise.race([shown, late]);
}
