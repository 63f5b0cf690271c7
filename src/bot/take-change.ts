import type { ConversationId } from "../ids.ts";
import type { IncomingMessage, ThreadMessage } from "../platform.ts";
import { byDeletionOf } from "../progress/failure-words.ts";
import type { Turn } from "../store/tables/turn.ts";
import { editedInboxEntry, messageOfInboxEntry } from "../turns/intake/inbox-entry.ts";
import { notifyWaitingChanged } from "../turns/intake/waiting-messages.ts";
import { type BeginPorts, beginTurn } from "./begin-turn.ts";
import { hintAtRetry, type RetryHintPorts } from "./hint-at-retry.ts";
import { readMessage } from "./read-message.ts";
import { notifyRefusal, orSayNoTeam, type TellPorts } from "./tell-people.ts";
import { writerOf } from "./writer-of.ts";

export interface ChangePorts extends BeginPorts, TellPorts, RetryHintPorts {}

/**
 * An edit of the question, or of a message that belongs to it, restarts its turn; an edit of a steering message steers the turn again; older edits
 * appear in the next turn's history, and who edits an answered question learns of `retry`.
 */
export async function takeEdit(
  ports: ChangePorts,
  message: IncomingMessage,
  eventId: string,
): Promise<void> {
  await ports.store.messages.upsert(message.conversation, [message]);
  if (readMessage(message.text).kind === "command") return;
  const turn = await unfinishedTurn(ports, message);
  // An answer on its way cannot be called back: a second one would follow it.
  if (!turn || (await ports.store.deliveries.list(turn.id, "final")).length > 0) {
    await hintAtRetry(ports, message);
    return steerEdit(ports, message, eventId);
  }
  // A turn that is still to read the message keeps its place.
  if (isUnread(turn)) return notifyWaitingChanged(ports, message.conversation);
  const first = turn.request === message.id ? message : await requestOf(ports, turn);
  if (first) await answerAnew(ports, turn, { ...message, ...first }, eventId);
}

const isUnread = ({ state, settlesAt }: Turn): boolean => state === "queued" || settlesAt !== null;

const requestOf = async (
  { store }: ChangePorts,
  { conversation, request }: Turn,
): Promise<ThreadMessage | undefined> =>
  (await store.messages.list(conversation)).find(({ id }) => id === request);

/** Asks a question that has changed again, and stops the turn that read it before. */
async function answerAnew(
  ports: ChangePorts,
  turn: Turn,
  message: IncomingMessage,
  eventId: string,
): Promise<void> {
  const { conversation } = message;
  const person = writerOf(message, turn);
  const claim = `edit:${conversation}:${message.id}:${eventId}`;
  const request = { team: null, forceTeam: false, during: "queue" } as const;
  const edited = { claim, conversation, message, person, ...request };
  const taken = await orSayNoTeam(ports, message, claim, () => beginTurn(ports, edited));
  if (taken?.kind === "refused") return notifyRefusal(ports, message, taken.refusal);
  if (taken === null || taken.kind === "duplicate") return;
  await ports.engine.stop(turn.id, { by: person.name, reason: "edit" });
}

async function steerEdit(
  { store }: ChangePorts,
  message: IncomingMessage,
  eventId: string,
): Promise<void> {
  const running = await store.turns.running(message.conversation);
  const entries = running ? await store.inbox.list(running.id) : [];
  const isAdded = entries.some(({ id }) => messageOfInboxEntry(id) === message.id);
  if (running && isAdded) await store.inbox.add(running.id, editedInboxEntry(message, eventId));
}

export async function takeDeletion(
  ports: ChangePorts,
  deleted: { conversation: ConversationId; id: string; eventId: string },
): Promise<void> {
  const { conversation, id, eventId } = deleted;
  // At once, so that no turn misses its question while others of its messages are left.
  const next = await ports.store.tx(async (inside) => {
    await inside.messages.remove(conversation, [id]);
    return inside.fragments.promote(conversation, id);
  });
  const turn = await unfinishedTurn(ports, { conversation, id: next ?? id });
  if (!turn) return;
  if (turn.request === id) {
    await ports.engine.stop(turn.id, { by: byDeletionOf("question"), reason: "stop" });
  } else if (!isUnread(turn)) {
    const first = await requestOf(ports, turn);
    const rest = { conversation, addressed: "thread", level: "everyone" } as const;
    if (first) await answerAnew(ports, turn, { ...first, ...rest }, eventId);
  }
  await notifyWaitingChanged(ports, conversation);
}

/** The turn that answers a message and has not posted its result: afterwards, the message belongs to history. */
async function unfinishedTurn(
  { store }: ChangePorts,
  { conversation, id }: Pick<IncomingMessage, "conversation" | "id">,
): Promise<Turn | undefined> {
  const asked = await store.fragments.requestOf(conversation, id);
  const recent = await store.turns.recent(conversation, 20);
  const turn = recent.find(({ request, state }) => request === asked && state !== "done");
  if (!turn) return undefined;
  const rows = [
    ...(await store.deliveries.list(turn.id, "final")),
    ...(await store.deliveries.list(turn.id, "note")),
  ];
  return rows.some(({ state }) => state === "posted") ? undefined : turn;
}
