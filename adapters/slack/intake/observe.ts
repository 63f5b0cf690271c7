import { conversationOf, timeOf } from "../place.ts";
import type { LiveThreads } from "../threads/live-threads.ts";
import type { Workspace } from "../workspaces.ts";
import { MessageEvent, SlackMessage, type EventEnvelope } from "../wire/message.ts";

/** Tells the live threads what an event shows, whoever wrote it: other bots' messages belong to a thread too. */
export function observe(
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
  const seen = { begins: isNewRoot(message, now), isHeard: event.type === "message" };
  live.saw(threadOf(message), message, seen);
}

const deletedIn = ({ deleted_ts: ts, previous_message: before }: MessageEvent) =>
  ts === undefined ? before : { ts, thread_ts: before?.thread_ts };

/** An event that comes late, or again, says nothing of what has been said since. */
const LATE_MS = 10_000;

const isNewRoot = ({ ts, thread_ts: thread }: SlackMessage, now: number): boolean =>
  (thread === undefined || thread === ts) && Math.abs(now - (timeOf(ts) ?? -Infinity)) < LATE_MS;
