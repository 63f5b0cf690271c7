import { answeredUntil, catchUp } from "../adapter-kit/catch-up.ts";
import type { ConversationId } from "../ids.ts";
import type { IncomingMessage, Platform, ThreadHistory, ThreadMessage } from "../platform.ts";
import type { Store } from "../store/store.ts";
import { untaken } from "./begin-turn.ts";
import { readMessage } from "./read-message.ts";

export interface CatchUpThreadPorts {
  readonly store: Store;
  readonly platformOf: (conversation: ConversationId) => Platform;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly onProblem: (problem: unknown, conversation: ConversationId) => void;
}

/** The latest messages of a thread that are checked. */
const MOST_SEEN = 50;
/** How many of them Parley answers at most. */
const MOST_TAKEN = 5;

/**
 * Accepts recent messages of a thread that no process has claimed: their event reached a process that froze or died, or is late. Does not
 * run commands. Never rejects.
 */
export async function catchUpThread(
  ports: CatchUpThreadPorts,
  conversation: ConversationId,
  history: ThreadHistory,
  take: (message: IncomingMessage) => Promise<void>,
): Promise<void> {
  try {
    const { messages } = history;
    const candidates = candidatesIn(ports, conversation, messages);
    if (candidates.length === 0) return;
    const answers = messages.flatMap(({ mark, at }) =>
      mark?.kind === "final" ? [{ turn: mark.turn, at }] : [],
    );
    const until = await answeredUntil(
      answers,
      async (turn) => (await ports.store.turns.get(turn))?.conversation === conversation,
    );
    // Clocks differ: if the thread has an answer, its first message counts as answered, whatever the turn id says.
    const opening = until === -Infinity ? until : (messages[0]?.at ?? until);
    await catchUp({
      candidates,
      answeredUntil: Math.max(until, opening),
      async untaken(some) {
        const open = await untaken(ports, some);
        const since = partSince(messages, candidates, open);
        const isMeant = ({ addressed, at }: IncomingMessage) =>
          addressed !== "thread" || at > since;
        return open.filter(isMeant).slice(-MOST_TAKEN);
      },
      take,
    });
  } catch (problem) {
    ports.onProblem(problem, conversation);
  }
}

function candidatesIn(
  { platformOf, wallClock }: CatchUpThreadPorts,
  conversation: ConversationId,
  messages: readonly ThreadMessage[],
): readonly IncomingMessage[] {
  const { freshMs = 0 } = platformOf(conversation);
  if (freshMs === 0) return [];
  const now = Math.max(wallClock(), ...messages.map(({ at }) => at));
  return messages
    .filter(({ author, at }) => author.kind === "person" && at > now - freshMs)
    .flatMap((message) => {
      const { addressed = "none", text } = message;
      if (addressed === "none" || readMessage(text).kind === "command") return [];
      return [{ ...message, conversation, addressed, level: "everyone" as const }];
    })
    .slice(-MOST_SEEN);
}

/** When Parley joined the thread; earlier messages between people were not for Parley. */
function partSince(
  messages: readonly ThreadMessage[],
  candidates: readonly IncomingMessage[],
  open: readonly IncomingMessage[],
): number {
  const own = messages.filter(({ mark }) => mark && mark.kind !== "note");
  const taken = candidates.filter((candidate) => !open.includes(candidate));
  return Math.min(...[...own, ...taken].map(({ at }) => at));
}
