import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { conversationOf, timeOf } from "../place.ts";
import { type EventEnvelope, MessageEvent } from "../wire/event.ts";
import { SlackMessage } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";

/** A thread as its events show it, with none missed. */
export interface LiveThread {
  /** Oldest first. */
  readonly messages: readonly SlackMessage[];
  /** Only its root has been seen, a moment ago. */
  readonly justBegun: boolean;
  /** All messages of its channel come as events, not only mentions. */
  readonly isComplete: boolean;
}

/** How a message arrived. */
export interface Arrival {
  /** It is the root of a new thread. */
  readonly isNewRoot: boolean;
  /** It came as a message event, not only as a mention. */
  readonly isComplete: boolean;
}

interface Entry {
  readonly messages: Map<string, SlackMessage>;
  readonly at: number;
  isComplete: boolean;
}

/**
 * Threads that Parley has followed from their root. Slack lets an app read 50 threads a minute at best, and some apps one: where it refuses,
 * the events since the root are the history.
 */
export interface LiveThreads {
  saw(conversation: ConversationId, message: SlackMessage, how?: Arrival): void;
  changed(conversation: ConversationId, message: SlackMessage): void;
  deleted(conversation: ConversationId, ts: string): void;
  /** Events may have been missed. */
  forget(): void;
  of(conversation: ConversationId): LiveThread | undefined;
}

const MOST_THREADS = 2_000;
const MOST_MESSAGES = 200;
const JUST_MS = 5_000;

/** `isAlone`: no other process receives events of the same app, so this one misses none. */
export function createLiveThreads(clock: { now(): number }, isAlone = true): LiveThreads {
  const threads = createBoundedMap<ConversationId, Entry>(MOST_THREADS);
  const begin = (conversation: ConversationId): Entry => {
    const thread = { messages: new Map(), at: clock.now(), isComplete: false };
    threads.set(conversation, thread);
    return thread;
  };
  return {
    saw(
      conversation,
      message,
      { isNewRoot, isComplete } = { isNewRoot: false, isComplete: false },
    ) {
      const thread = threads.get(conversation) ?? (isNewRoot ? begin(conversation) : undefined);
      if (!thread) return;
      thread.isComplete ||= isComplete && isAlone;
      if (thread.messages.has(message.ts)) return;
      thread.messages.set(message.ts, message);
      if (thread.messages.size > MOST_MESSAGES) threads.delete(conversation);
    },
    changed(conversation, message) {
      const messages = threads.get(conversation)?.messages;
      const before = messages?.get(message.ts);
      if (!before) return;
      messages?.set(message.ts, { ...message, metadata: message.metadata ?? before.metadata });
    },
    deleted(conversation, ts) {
      threads.get(conversation)?.messages.delete(ts);
    },
    forget: () => threads.clear(),
    of(conversation) {
      const thread = threads.get(conversation);
      if (!thread) return undefined;
      const messages = [...thread.messages.values()];
      const justBegun = messages.length === 1 && clock.now() - thread.at < JUST_MS;
      return { messages, justBegun, isComplete: thread.isComplete };
    },
  };
}

/** Adds what an event shows to its thread, also messages of other bots. */
export function trackEvent(
  live: LiveThreads,
  { event: source }: EventEnvelope,
  { team }: Pick<Workspace, "team">,
  now: number,
): void {
  const { data: event } = MessageEvent.safeParse(source);
  if (!event) return;
  const { channel, message: changed } = event;
  const threadOf = ({ ts, thread_ts: thread }: Pick<SlackMessage, "ts" | "thread_ts">) =>
    conversationOf({ team, channel, thread: thread ?? ts });
  if (event.subtype === "message_changed")
    return changed && live.changed(threadOf(changed), changed);
  if (event.subtype === "message_deleted") {
    const gone = deletedIn(event);
    return gone && live.deleted(threadOf(gone), gone.ts);
  }
  const { data: message } = SlackMessage.safeParse(source);
  if (!message) return;
  const seen = { isNewRoot: isNewRoot(message, now), isComplete: event.type === "message" };
  live.saw(threadOf(message), message, seen);
}

const deletedIn = ({ deleted_ts: ts, previous_message: before }: MessageEvent) =>
  ts === undefined ? before : { ts, thread_ts: before?.thread_ts };

/** The root of a late or repeated event is not new: replies to it may have been missed. */
const LATE_MS = 10_000;

const isNewRoot = ({ ts, thread_ts: thread }: SlackMessage, now: number): boolean =>
  (thread === undefined || thread === ts) && Math.abs(now - (timeOf(ts) ?? -Infinity)) < LATE_MS;
