import type { Refusal } from "../budgets/reserve-turn.ts";
import type { Commands } from "../commands/commands.ts";
import { parseCommand } from "../commands/parse/parse-command.ts";
import { REPEATED } from "../commands/run/compose-reply.ts";
import type { CommandReply } from "../reply.ts";
import { type ConversationId, parseConversationId } from "../ids.ts";
import type { IncomingCommand, IncomingFeedback, IncomingMessage, Intake } from "../platform.ts";
import { editedInboxEntry, messageOfInboxEntry } from "../turns/intake/inbox-entry.ts";
import type { PostNote } from "../turns/post-note.ts";
import { notifyWaitingChanged } from "../turns/intake/waiting-messages.ts";
import { NoTeamError } from "../teams/unusable-team.ts";
import type { Installation } from "../tenants/installation.ts";
import { askerOf } from "./asker-of.ts";
import { type BeginPorts, beginTurn, claimOf } from "./begin-turn.ts";
import { formatReply } from "./format-reply.ts";
import { catchUpThread, type CatchUpThreadPorts } from "./catch-up-thread.ts";
import {
  createStrangers,
  isForParley,
  isListenedTo,
  type ListeningPorts,
} from "./is-for-parley.ts";
import { owningIntake } from "./owning-intake.ts";
import { readMessage } from "./read-message.ts";
import { byDeletionOf } from "../progress/failure-words.ts";

export interface BotOptions
  extends BeginPorts, CatchUpThreadPorts, Omit<ListeningPorts, "catchUp" | "strangers"> {
  readonly commands: Commands;
  readonly say: PostNote;
  /** A message without a turn: no team can answer it, or it was a command. */
  readonly onUnanswered: (message: IncomingMessage) => void;
  readonly installation: Installation;
  /** Reports problems that people in the thread must not see. Must not throw. */
  readonly onProblem: (problem: unknown, conversation: ConversationId) => void;
}

type BotPorts = BotOptions & ListeningPorts;

/** Turns platform events into turns, commands, changes of turns, or nothing. */
export function createBot(options: BotOptions): Intake & Pick<ListeningPorts, "catchUp"> {
  const catchUp: BotPorts["catchUp"] = (conversation, history) =>
    catchUpThread(options, conversation, history, async (message) => {
      if (await isListenedTo(ports, message)) await takeRequest(ports, message, claimOf(message));
    });
  const ports: BotPorts = { ...options, catchUp, strangers: createStrangers() };
  return owningIntake({
    catchUp,
    message: (message) => takeMessage(ports, message, claimOf(message)),
    edited: (message, eventId) => takeEdit(ports, message, eventId),
    deleted: (conversation, id, eventId) => takeDeletion(ports, { conversation, id, eventId }),
    command: (command) => takeCommand(ports, command),
    claim: (conversation, eventId) => ports.store.claims.take(`command:${conversation}:${eventId}`),
    feedback: (feedback) => takeFeedback(ports, feedback),
  });
}

const keyOf = ({ conversation, id }: Pick<IncomingMessage, "conversation" | "id">): string =>
  `${conversation}:${id}`;

async function takeMessage(
  ports: BotPorts,
  message: IncomingMessage,
  claim: string,
): Promise<void> {
  if (message.author.kind === "person" && (await isForParley(ports, message)))
    await takeRequest(ports, message, claim);
}

async function takeRequest(
  ports: BotPorts,
  message: IncomingMessage,
  claim: string,
): Promise<void> {
  const reading = readMessage(message.text);
  if (reading.kind === "command") return takeWrittenCommand(ports, message, reading.text);
  if (isEmpty(message)) return askBack(ports, message, claim);
  const { conversation, author: person } = message;
  const asked = { claim, conversation, message, person, ...reading.request };
  const taken = await orSayNoTeam(ports, message, claim, () => beginTurn(ports, asked));
  if (taken?.kind === "refused") await notifyRefusal(ports, message, taken.refusal);
}

/** A mention without a question. */
const isEmpty = ({ text, files }: IncomingMessage): boolean =>
  text.trim() === "" && files.length === 0;

const ASK_BACK =
  "What would you like to know? Write your question in one message with the mention. `!help` lists the commands.";

/** Asks people who called Parley what they want, once; nothing runs for that. */
async function askBack(ports: BotPorts, message: IncomingMessage, claim: string): Promise<void> {
  const isCalled = message.addressed === "mention" || message.addressed === "direct";
  if (!isCalled || !(await ports.store.claims.take(claim))) return ports.onUnanswered(message);
  await post(ports, message, { kind: "note", text: ASK_BACK });
}

/** What was begun; null: no team can answer, and people have been told. */
async function orSayNoTeam<T>(
  ports: BotPorts,
  message: IncomingMessage,
  claim: string,
  begin: () => Promise<T>,
): Promise<T | null> {
  try {
    return await begin();
  } catch (error) {
    if (!(error instanceof NoTeamError)) throw error;
    await sayNoTeam(ports, message, claim, error);
    return null;
  }
}

/** Tells the person that a limit forbids an answer; for messages that do not mention Parley, once per thread and period. */
async function notifyRefusal(
  ports: BotPorts,
  message: IncomingMessage,
  { text, detail, isRate, key }: Refusal,
): Promise<void> {
  const { addressed, author, conversation } = message;
  const inThread = addressed === "thread" ? `:${conversation}` : "";
  const isAsked = addressed === "mention" || addressed === "direct";
  const person = `${parseConversationId(conversation).platform}:${author.id}`;
  const once = `refused:${person}:${key}${isRate ? "" : inThread}`;
  const isNews = (isAsked && !isRate) || (await ports.store.claims.take(once));
  if (!isNews) return ports.onUnanswered(message);
  // Only the people who run the installation may see amounts of other workspaces.
  const isTold =
    detail !== text &&
    (await askerOf(ports, { ...message, person: author })).level === "installation";
  const note = isTold
    ? { text: `Not answered. ${detail}`, only: author }
    : { text: `Not answered. ${text}` };
  await post(ports, message, { kind: "note", ...note });
}

/** "!stop" in a thread where the platform has no commands. */
async function takeWrittenCommand(
  ports: BotPorts,
  message: IncomingMessage,
  text: string,
): Promise<void> {
  if (!(await ports.store.claims.take(`command:${keyOf(message)}`))) return;
  const asker = await askerOf(ports, { ...message, person: message.author });
  const answer = await ports.commands.run(parseCommand(text), { ...asker, isWritten: true });
  const only = answer.visibleTo === "asker" ? { only: message.author } : {};
  await post(ports, message, { kind: "note", text: formatReply(answer), ...only });
}

/** Says once that no team can answer. Files and variables are shown only to the people who run Parley. */
async function sayNoTeam(
  ports: BotPorts,
  message: IncomingMessage,
  claim: string,
  error: NoTeamError,
): Promise<void> {
  if (!(await ports.store.claims.take(claim))) return;
  const { author, conversation } = message;
  ports.onProblem(new Error(error.detail), conversation);
  const { level } = await askerOf(ports, { ...message, person: author });
  const isTold = level === "installation";
  const text = `Nobody can answer this: ${isTold ? error.detail : error.message}`;
  await post(ports, message, { kind: "note", text, ...(isTold && { only: author }) });
}

async function post(
  ports: BotPorts,
  message: IncomingMessage,
  note: Parameters<PostNote>[1],
): Promise<void> {
  await ports.say(message.conversation, note);
  ports.onUnanswered(message);
}

/** An edit of the question restarts its turn; an edit of a steering message steers the turn again; older edits appear in the next turn's history. */
async function takeEdit(ports: BotPorts, message: IncomingMessage, eventId: string): Promise<void> {
  await ports.store.messages.upsert(message.conversation, [message]);
  if (readMessage(message.text).kind === "command") return;
  const turn = await unfinishedTurn(ports, message);
  if (!turn) return steerEdit(ports, message, eventId);
  const { conversation, author: person } = message;
  // A queued turn reads the message when it starts, and keeps its place.
  if (turn.state === "queued") return notifyWaitingChanged(ports, conversation);
  const claim = `edit:${keyOf(message)}:${eventId}`;
  const request = { team: null, forceTeam: false, during: "queue" } as const;
  const edited = { claim, conversation, message, person, ...request };
  const taken = await orSayNoTeam(ports, message, claim, () => beginTurn(ports, edited));
  if (taken?.kind === "refused") return notifyRefusal(ports, message, taken.refusal);
  if (taken === null || taken.kind === "duplicate") return;
  await ports.engine.stop(turn.id, { by: person.name, reason: "edit" });
}

async function steerEdit(
  { store }: BotPorts,
  message: IncomingMessage,
  eventId: string,
): Promise<void> {
  const running = await store.turns.running(message.conversation);
  const entries = running ? await store.inbox.list(running.id) : [];
  const isAdded = entries.some(({ id }) => messageOfInboxEntry(id) === message.id);
  if (running && isAdded) await store.inbox.add(running.id, editedInboxEntry(message, eventId));
}

async function takeDeletion(
  ports: BotPorts,
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
  { store }: BotPorts,
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

async function takeCommand(ports: BotPorts, command: IncomingCommand): Promise<CommandReply> {
  const { conversation, eventId, text } = command;
  if (!(await ports.store.claims.take(`command:${conversation}:${eventId}`))) return REPEATED;
  return ports.commands.run(parseCommand(text, command.scope), await askerOf(ports, command));
}

/** Stored only if the turn belongs to this conversation, since button payloads are untrusted. */
async function takeFeedback(
  { store }: BotPorts,
  { conversation, eventId, turn, person, verdict }: IncomingFeedback,
): Promise<void> {
  const { platform } = parseConversationId(conversation);
  if ((await store.turns.get(turn))?.conversation !== conversation) return;
  await store.tx(async (inside) => {
    if (!(await inside.claims.take(`feedback:${conversation}:${eventId}`))) return;
    await inside.feedback.give(turn, `${platform}:${person.id}`, verdict);
  });
}
