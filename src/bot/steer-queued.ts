import { randomUUID } from "node:crypto";
import { excerpt } from "../progress/failure-words.ts";
import type { Asker, QueuedChange } from "../commands/ports.ts";
import type { ConversationId } from "../ids.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../store/tables/turn.ts";
import type { TurnEngine } from "../turns/engine/engine.ts";
import {
  LONGEST_EXCERPT,
  notifyWaitingChanged,
  waitingMessages,
} from "../turns/intake/waiting-messages.ts";

interface SteerPorts extends HurryPorts {
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

export interface HurryPorts {
  readonly store: Store;
  readonly engine: Pick<TurnEngine, "stop">;
}

interface Waiting {
  readonly running: Turn;
  /** The turn of the queued message. */
  readonly queued: Turn;
  readonly excerpt: string;
}

/** Tells the running turn something: a text, or a queued message by its id; null: the latest queued message. */
export const steer = async (
  ports: SteerPorts,
  asker: Asker,
  words: string | null,
): Promise<QueuedChange> =>
  words === null || (await ports.store.messages.writtenAt(asker.conversation, words)) !== undefined
    ? steerQueued(ports, asker, words)
    : steerText(ports, asker, words);

/** Puts a text into the running turn's inbox, as a message that the person did not post. */
async function steerText(
  { store, wallClock }: SteerPorts,
  { conversation, person }: Asker,
  text: string,
): Promise<QueuedChange> {
  const running = await store.turns.running(conversation);
  const id = `steer-${randomUUID()}`;
  const added = await store.tx(async (inside) => {
    if (!running || !(await inside.inbox.add(running.id, { id, author: person.name, text })))
      return false;
    const said = { id, author: person, text, files: [], at: wallClock() };
    await inside.messages.upsert(conversation, [said]);
    return true;
  });
  return added ? { outcome: "done", excerpt: excerpt(text, LONGEST_EXCERPT) } : { outcome: "idle" };
}

/** Moves a queued message to the running turn's inbox and withdraws its own turn, in one transaction. */
async function steerQueued(
  ports: HurryPorts,
  { conversation, person }: Asker,
  message: string | null,
): Promise<QueuedChange> {
  const waiting = await findWaiting(ports, conversation, message);
  if ("outcome" in waiting) return waiting;
  const { running, queued, excerpt } = waiting;
  const { messages, fragments } = ports.store;
  const ids = [queued.request, ...(await fragments.of(conversation, queued.request))];
  const parts = (await messages.list(conversation)).filter(({ id }) => ids.includes(id));
  const said = parts.find(({ id }) => id === queued.request);
  if (!said) return { outcome: "unknown" };
  const text = parts.map((part) => part.text).join("\n\n");
  const entry = { id: said.id, author: said.author.name, text };
  const moved = await ports.store
    .tx(async (inside) => {
      if (!(await inside.inbox.add(running.id, entry))) throw new NotMovedError();
      const stop = { by: person.name, reason: "restart" } as const;
      if ((await inside.turns.cancel(queued.id, stop)) !== "withdrawn") throw new NotMovedError();
      return true;
    })
    .catch((error: unknown) => {
      if (error instanceof NotMovedError) return false;
      throw error;
    });
  await notifyWaitingChanged(ports, conversation);
  return moved ? { outcome: "done", excerpt } : { outcome: "unknown" };
}

/** Rolls back: the running turn has closed, or the queued one has started. */
class NotMovedError extends Error {}

/** Stops the running turn so that the queued one starts. Its question stays in the thread for the next turn to read. */
export async function restartWithQueued(
  ports: HurryPorts,
  { conversation, person }: Asker,
  message: string | null,
): Promise<QueuedChange> {
  const waiting = await findWaiting(ports, conversation, message);
  if ("outcome" in waiting) return waiting;
  await ports.engine.stop(waiting.running.id, { by: person.name, reason: "restart" });
  return { outcome: "done", excerpt: waiting.excerpt };
}

async function findWaiting(
  { store }: HurryPorts,
  conversation: ConversationId,
  message: string | null,
): Promise<Waiting | QueuedChange> {
  const queue = await store.turns.waiting(conversation);
  const queued = message === null ? queue.at(-1) : queue.find(({ request }) => request === message);
  if (!queued) return { outcome: "unknown" };
  const running = await store.turns.running(conversation);
  if (!running) return { outcome: "idle" };
  const shown = await waitingMessages(store, conversation);
  return { running, queued, excerpt: shown.find(({ id }) => id === queued.request)?.excerpt ?? "" };
}
