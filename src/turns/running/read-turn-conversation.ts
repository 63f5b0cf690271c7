import type { Conversation } from "../../conversation/message.ts";
import { readConversation } from "../../conversation/read-conversation.ts";
import { readHistory } from "../../conversation/read-history.ts";
import type { Platform, ThreadHistory, ThreadMessage } from "../../platform.ts";
import type { Store } from "../../store/store.ts";
import type { FenceCodes } from "./fence-code.ts";
import type { Turn } from "../../store/tables/turn.ts";

interface ReadingOptions {
  readonly store: Pick<Store, "messages" | "deliveries" | "turns" | "fragments">;
  readonly fenceCode: FenceCodes;
  readonly platform: Platform;
  readonly turn: Turn;
  readonly signal: AbortSignal;
  /** The text of a message without its command; undefined for a command without a question. */
  readonly conversationText: (text: string) => string | undefined;
  readonly onProblem: (problem: unknown) => void;
}

/** What a turn reads. */
export interface TurnReading {
  /** The thread as the platform shows it now. */
  readonly history: ThreadHistory;
  /** The same as a conversation, with the turn's request in it. */
  readonly conversation: Conversation;
}

/** Reads a turn's thread; null: the request was deleted. */
export async function readTurnConversation(options: ReadingOptions): Promise<TurnReading | null> {
  const { store, platform, signal, fenceCode, conversationText, onProblem } = options;
  const { conversation } = options.turn;
  const cached = await store.messages.list(conversation);
  // Read after the messages: another one may have taken the request's place.
  const turn = (await store.turns.get(options.turn.id)) ?? options.turn;
  // As the event delivered it.
  const request = cached.find(({ id }) => id === turn.request);
  if (!request)
    return turn.request === options.turn.request
      ? null
      : readTurnConversation({ ...options, turn });
  const parts = await store.fragments.of(conversation, request.id);
  const history = await readHistory({
    platform,
    cache: store.messages,
    cached,
    conversation,
    signal,
    // On a retry, the first answer precedes the message.
    first: turn.seq === 1 ? turn.request : undefined,
    onProblem,
  });
  const marked = { ...history, messages: await withMarks(options, history.messages) };
  const read = await readConversation({
    history: marked,
    request,
    fragments: cached.filter(({ id }) => parts.includes(id)),
    originals: (turns) => store.deliveries.originals(turns),
    conversationText,
    fenceCode: await fenceCode(conversation),
    signal,
  });
  return { history: marked, conversation: read };
}

/** Where the platform does not return our delivery marks, the deliveries table has them. */
async function withMarks(
  { store, turn, onProblem }: ReadingOptions,
  messages: readonly ThreadMessage[],
): Promise<readonly ThreadMessage[]> {
  const isUnmarked = ({ author, mark }: ThreadMessage) => author.kind === "self" && !mark;
  if (!messages.some(isUnmarked)) return messages;
  try {
    const marks = await store.deliveries.marks(turn.conversation);
    return messages.map((message) => {
      const mark = isUnmarked(message) ? marks.get(message.id) : undefined;
      return mark ? { ...message, mark } : message;
    });
  } catch (problem) {
    onProblem(problem);
    return messages;
  }
}
