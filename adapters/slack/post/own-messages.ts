import { z } from "zod";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import { type ConversationId, TurnId } from "../../../src/ids.ts";
import { type DeliveryMark, type Person, PlatformError, sameMark } from "../../../src/platform.ts";
import type { Client } from "../api/clients.ts";
import { conversationOf, type SlackPlace } from "../place.ts";
import { readPages } from "../threads/thread-pages.ts";
import { MessagePage } from "../wire/answers.ts";
import type { SlackMessage } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";

/** Parley's bot in a workspace. */
export type Self = Pick<Workspace, "botUser" | "botId">;

/** Whether Parley posted it. */
export const isOwn = ({ user, bot_id: bot }: SlackMessage, self: Self): boolean =>
  user === self.botUser || (bot !== undefined && bot === self.botId);

/** The Slack metadata of Parley's messages. Every app and user of the workspace can read it, so it holds ids only. */
const Metadata = z.object({
  event_type: z.literal("parley"),
  event_payload: z.object({
    turn: TurnId,
    kind: z.enum(["status", "final", "note"]),
    chunk: z.coerce.number().int().nonnegative(),
  }),
});

export const metadataOf = ({ turn, kind, chunk }: DeliveryMark): z.infer<typeof Metadata> => ({
  event_type: "parley",
  event_payload: { turn, kind, chunk },
});

/** The mark of one of Parley's own messages; other people's messages can forge it. */
export const markOf = (metadata: unknown): DeliveryMark | undefined =>
  Metadata.safeParse(metadata).data?.event_payload;

/** The metadata of a question that Parley posted in a person's name. */
const Question = z.object({
  event_type: z.literal("parley_question"),
  event_payload: z.object({ user: z.string().min(1), name: z.string() }),
});

export const questionMetadata = ({ id, name }: Person): z.infer<typeof Question> => ({
  event_type: "parley_question",
  event_payload: { user: id, name },
});

/** Who asked a question that Parley posted; other people's messages can forge it. */
export function askedBy(metadata: unknown): Person | undefined {
  const { data } = Question.safeParse(metadata);
  if (!data) return undefined;
  const { user, name } = data.event_payload;
  return { id: user, name, kind: "person" };
}

/** What is known of one of Parley's own messages. */
export interface OwnMessage {
  readonly conversation: ConversationId;
  readonly mark: DeliveryMark;
}

interface MessageKey {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
}

const MOST = 10_000;

/** Remembers Parley's latest messages, so that a reaction on one needs no call. */
export function createPostedMessages() {
  const posted = createBoundedMap<string, OwnMessage>(MOST);
  const keyOf = ({ team, channel, ts }: MessageKey) => `${team}:${channel}:${ts}`;
  return {
    add: (key: MessageKey, message: OwnMessage): void => posted.set(keyOf(key), message),
    find: (key: MessageKey): OwnMessage | undefined => posted.get(keyOf(key)),
  };
}

export type PostedMessages = ReturnType<typeof createPostedMessages>;

/** The message with the mark; undefined only when the whole thread was seen. */
export async function findMark(
  {
    place,
    client,
    workspace,
    clock,
  }: { place: SlackPlace; client: Client; workspace: Workspace; clock: Clock },
  mark: DeliveryMark,
): Promise<string | undefined> {
  const isIt = ({ user, bot_id: bot, metadata }: SlackMessage): boolean =>
    (user === workspace.botUser || bot !== undefined) && sameMark(markOf(metadata), mark);
  const { signal } = new AbortController();
  const { messages, limitedMs } = await readPages({ client, place, clock, signal, until: isIt });
  const found = messages.find(isIt);
  if (found) return found.ts;
  if (limitedMs === undefined) return undefined;
  const why = "Slack's rate limit hides a part of the thread.";
  throw new PlatformError("rate_limited", why, { retryAfterMs: limitedMs });
}

/** Parley's own message with that `ts`; undefined: there is none. Rejects with a `PlatformError` when Slack does not answer. */
export async function findOwnMessage(
  { posted, reading }: { readonly posted: PostedMessages; readonly reading: Client },
  workspace: Workspace,
  { channel, ts }: { readonly channel: string; readonly ts: string },
): Promise<OwnMessage | undefined> {
  const key = { team: workspace.team, channel, ts };
  const known = posted.find(key);
  if (known) return known;
  // For a reply, Slack answers with its root too.
  const args = { channel, ts, limit: 5, inclusive: true, include_all_metadata: true };
  const { messages } = await reading.call("conversations.replies", args, MessagePage);
  const message = messages.find((one) => one.ts === ts && isOwn(one, workspace));
  const mark = message && markOf(message.metadata);
  if (!message || !mark) return undefined;
  const thread = message.thread_ts ?? ts;
  const found = { conversation: conversationOf({ team: workspace.team, channel, thread }), mark };
  posted.add(key, found);
  return found;
}
