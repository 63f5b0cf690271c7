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

/** Messages of a thread that are looked at, the latest. */
const MOST_SEEN = 50;
/** How many of them are still answered. */
const MOST_TAKEN = 5;

/**
 * Takes on what a thread shows and nobody has taken on though it is fresh: its event went to a process that froze or died, or comes late.
 * Commands are not carried out so late. Never rejects.
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
    // Clocks differ: an answer that stands there answers the thread's first message, whatever its turn's id tells.
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

/** When Parley became part of a thread, as far as it shows: what people wrote to each other before was not for Parley. */
function partSince(
  messages: readonly ThreadMessage[],
  candidates: readonly IncomingMessage[],
  open: readonly IncomingMessage[],
): number {
  const own = messages.filter(({ mark }) => mark && mark.kind !== "note");
  const taken = candidates.filter((candidate) => !open.includes(candidate));
  return Math.min(...[...own, ...taken].map(({ at }) => at));
}
