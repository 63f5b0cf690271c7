import type { ConversationId } from "../ids.ts";
import type { IncomingMessage } from "../platform.ts";
import { byDeletionOf } from "../progress/failure-words.ts";
import { editedInboxEntry, messageOfInboxEntry } from "../turns/intake/inbox-entry.ts";
import { notifyWaitingChanged } from "../turns/intake/waiting-messages.ts";
import { type BeginPorts, beginTurn } from "./begin-turn.ts";
import { hintAtRetry, type RetryHintPorts } from "./hint-at-retry.ts";
import { readMessage } from "./read-message.ts";
import { notifyRefusal, orSayNoTeam, type TellPorts } from "./tell-people.ts";
import { writerOf } from "./writer-of.ts";

export interface ChangePorts extends BeginPorts, TellPorts, RetryHintPorts {}

/**
 * An edit of the question restarts its turn; an edit of a steering message steers the turn again; older edits appear in the next turn's history, and
 * who edits an answered question learns of `retry`.
 */
export async function takeEdit(
  ports: ChangePorts,
  message: IncomingMessage,
  eventId: string,
): Promise<void> {
  await ports.store.messages.upsert(message.conversation, [message]);
  if (readMessage(message.text).kind === "command") return;
  const turn = await unfinishedTurn(ports, message);
  if (!turn) {
    await hintAtRetry(ports, message);
    return steerEdit(ports, message, eventId);
  }
  const { conversation } = message;
  const person = writerOf(message, turn);
  // A queued turn reads the message when it starts, and keeps its place.
  if (turn.state === "queued") return notifyWaitingChanged(ports, conversation);
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
  await ports.store.messages.remove(deleted.conversation, [deleted.id]);
  const turn = await unfinishedTurn(ports, deleted);
  if (!turn) return;
  await ports.engine.stop(turn.id, { by: byDeletionOf("question"), reason: "stop" });
  await notifyWaitingChanged(ports, deleted.conversation);
}

/** The turn that answers a message and has not posted its result: afterwards, the message belongs to history. */
async function unfinishedTurn(
  { store }: ChangePorts,
  { conversation, id }: Pick<IncomingMessage, "conversation" | "id">,
) {
  const recent = await store.turns.recent(conversation, 20);
  const turn = recent.find(({ request, state }) => request === id && state !== "done");
  if (!turn) return undefined;
  const rows = [
    ...(await store.deliveries.list(turn.id, "final")),
    ...(await store.deliveries.list(turn.id, "note")),
  ];
  return rows.some(({ state }) => state === "posted") ? undefined : turn;
}
