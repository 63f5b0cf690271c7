import type { Refusal } from "../budgets/reserve-turn.ts";
import { type ConversationId, parseConversationId } from "../ids.ts";
import type { IncomingMessage } from "../platform.ts";
import { NoTeamError } from "../teams/unusable-team.ts";
import { typed } from "../text/spelling.ts";
import type { PostNote } from "../turns/post-note.ts";
import type { Installation } from "../tenants/installation.ts";
import { askerOf } from "./asker-of.ts";
import type { BeginPorts } from "./begin-turn.ts";

export interface TellPorts extends Pick<BeginPorts, "store" | "bindings"> {
  readonly say: PostNote;
  /** A message without a turn: no team can answer it, or it was a command. */
  readonly onUnanswered: (message: IncomingMessage) => void;
  readonly installation: Installation;
  /** Reports problems that people in the thread must not see. Must not throw. */
  readonly onProblem: (problem: unknown, conversation: ConversationId) => void;
}

const ASK_BACK = `What would you like to know? Write your question in one message with the mention. ${typed("help")} lists the commands.`;

/** Asks people who called Parley what they want, once; nothing runs for that. */
export async function askBack(
  ports: TellPorts,
  message: IncomingMessage,
  claim: string,
): Promise<void> {
  const isCalled = message.addressed === "mention" || message.addressed === "direct";
  if (!isCalled || !(await ports.store.claims.take(claim))) return ports.onUnanswered(message);
  await post(ports, message, { kind: "note", text: ASK_BACK });
}

/** What was begun; null: no team can answer, and people have been told. */
export async function orSayNoTeam<T>(
  ports: TellPorts,
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
export async function notifyRefusal(
  ports: TellPorts,
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

/** Says once that no team can answer. Files and variables are shown only to the people who run Parley. */
async function sayNoTeam(
  ports: TellPorts,
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

export async function post(
  ports: TellPorts,
  message: IncomingMessage,
  note: Parameters<PostNote>[1],
): Promise<void> {
  await ports.say(message.conversation, note);
  ports.onUnanswered(message);
}
