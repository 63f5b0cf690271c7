import { answeredUntil, catchUp } from "../../src/adapter-kit/catch-up.ts";
import { opensWithMention } from "../../src/adapter-kit/mentions.ts";
import { createKeyedQueue } from "../../src/adapter-kit/queue/keyed-queue.ts";
import { isTransient, retry } from "../../src/adapter-kit/queue/retry.ts";
import type { AdapterContext } from "../../src/adapter-kit/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import type { Addressed, IncomingMessage, Intake, ThreadMessage } from "../../src/platform.ts";
import { renderReply, answerOf } from "./render.ts";
import { conversationOf, parseTag } from "./tag.ts";
import type { WireEvent, WireMessage } from "./wire.ts";

const MENTION = /@parley\b:?/gi;
const OPENS_WITH_SOMEBODY = opensWithMention("@\\w+");

/** `self`: the bot's own id. */
export function toThreadMessage(message: WireMessage, self: string): ThreadMessage {
  const { id, at, author, text } = message;
  const mark = author.id === self ? parseTag(message.tag) : undefined;
  return {
    id,
    at,
    author: { ...author, kind: author.id === self ? "self" : "person" },
    text: mark ? answerOf(text) : text.replaceAll(MENTION, "").trim(),
    files: [],
    ...(mark && { mark }),
  };
}

function addressedOf({ text }: WireMessage): Addressed {
  if (text.search(MENTION) >= 0) return "mention";
  return OPENS_WITH_SOMEBODY.test(text) ? "none" : "thread";
}

const toIncoming = (message: WireMessage, self: string): IncomingMessage => ({
  ...toThreadMessage(message, self),
  conversation: conversationOf(message.room),
  addressed: addressedOf(message),
  level: "everyone",
});

export interface LinesIntakeOptions {
  readonly intake: Intake;
  readonly self: string;
  readonly clock: Clock;
  readonly turns: Pick<AdapterContext["commands"]["turns"], "get" | "untaken">;
  /** Shows a command's reply in the room. */
  readonly reply: (room: string, text: string) => Promise<void>;
}

/** The delays after which an event is tried again: the server delivers it once. */
const DELAYS_MS = [250, 1_000, 4_000];

export function createLinesIntake({ intake, self, clock, turns, reply }: LinesIntakeOptions) {
  const queue = createKeyedQueue();
  const store = <T>(room: string, task: () => Promise<T>): Promise<T> =>
    queue.run(room, () =>
      retry(task, {
        clock,
        delayAfter: (error, failures) => (isTransient(error) ? DELAYS_MS[failures - 1] : undefined),
      }),
    );
  const takeMessage = (message: WireMessage) =>
    store(message.room, () => intake.message(toIncoming(message, self)));
  return {
    async handle(event: WireEvent): Promise<void> {
      if (event.event === "message") {
        if (event.message.author.id !== self) await takeMessage(event.message);
        return;
      }
      const { id: eventId, room, action: text } = event;
      const person = { ...event.person, kind: "person" } as const;
      const command = { conversation: conversationOf(room), eventId, person, text };
      const answer = await store(room, () => intake.command({ ...command, level: "everyone" }));
      await reply(room, renderReply(answer));
    },

    /** Takes on what was written in these rooms while Parley was not connected. */
    async catchUp(missed: readonly WireMessage[]): Promise<void> {
      for (const [room, messages] of Map.groupBy(missed, (message) => message.room)) {
        const conversation = conversationOf(room);
        const read = messages.map((message) => toThreadMessage(message, self));
        const finals = read.flatMap(({ mark, at }) =>
          mark?.kind === "final" ? [{ turn: mark.turn, at }] : [],
        );
        const candidates = messages.filter(({ author }) => author.id !== self);
        await catchUp({
          candidates: candidates.map((message) => ({ ...message, conversation })),
          answeredUntil: await answeredUntil(
            finals,
            async (turn) => (await turns.get(conversation, turn)) !== null,
          ),
          untaken: turns.untaken,
          take: takeMessage,
        });
      }
    },

    idle: () => queue.idle(),
  };
}

export type LinesIntake = ReturnType<typeof createLinesIntake>;
