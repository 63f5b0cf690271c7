import type { Conversation } from "../conversation/message.ts";
import { readConversation } from "../conversation/read-conversation.ts";
import { readHistory } from "../conversation/read-history.ts";
import type { Platform, ThreadMessage } from "../platform.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../store/tables/turn.ts";

export interface ReadingOptions {
  readonly store: Pick<Store, "messages" | "deliveries">;
  readonly platform: Platform;
  readonly turn: Turn;
  readonly signal: AbortSignal;
  /** What a message says to the conversation; undefined for a command that says nothing to it. */
  readonly spoken: (text: string) => string | undefined;
  readonly onProblem: (problem: unknown) => void;
}

/** The thread as the platform shows it now, and the turn's request in it; null: the request was deleted. */
export async function readTurnConversation(options: ReadingOptions): Promise<Conversation | null> {
  const { store, platform, turn, signal, spoken, onProblem } = options;
  const { conversation } = turn;
  const cached = await store.messages.list(conversation);
  // As its event told it.
  const request = cached.find(({ id }) => id === turn.request);
  if (!request) return null;
  const history = await readHistory({
    platform,
    cache: store.messages,
    cached,
    conversation,
    signal,
    // Asked again, the same message has its first answer before it.
    first: turn.seq === 1 ? turn.request : undefined,
    onProblem,
  });
  return readConversation({
    history: { ...history, messages: await withMarks(options, history.messages) },
    request,
    originals: (turns) => store.deliveries.originals(turns),
    spoken,
    signal,
  });
}

/** Where a platform does not show what Parley's own messages are, the ledger knows. */
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
