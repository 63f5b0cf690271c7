import { isTransient } from "../../../src/adapter-kit/queue/retry.ts";
import type { Addressed, IncomingMessage } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { LastMessageIds, ShardCheckpoints } from "../backfill/checkpoints.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import { destinationIn, lacksOnlyThreadPosts } from "../guilds/permissions.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import { addressedOf, type Where } from "../parse/addressed.ts";
import { isChatMessage, type MessageReader, readMessage } from "../parse/read-message.ts";
import { threadName } from "../render/lines.ts";
import { parseAskedQuestion } from "../render/small-print.ts";
import { type Channel, placeOfChannel } from "../threads/channels.ts";
import { fetchMessage } from "../threads/fetch-messages.ts";
import { isForum, isThread, supportsThreads } from "../wire/channel.ts";
import { MessageRef } from "../wire/events.ts";
import { Message } from "../wire/message.ts";
import { type EventDeps, retryEvent } from "./event-deps.ts";
import {
  cannotPost,
  describeMissing,
  formatRefusal,
  isRefusal,
  notifyRefusal,
} from "./refusals.ts";

/** The message of an event; fetched where a server sends only what changed. */
export async function readMessageEvent(api: Api, data: unknown): Promise<Message> {
  const whole = Message.safeParse(data);
  if (whole.success) return whole.data;
  const { id, channel_id: channel } = MessageRef.parse(data);
  return fetchMessage(api, { channel, id });
}

/** What records a message as handled. */
export interface MessageLog {
  readonly checkpoints: Pick<ShardCheckpoints, "note">;
  readonly lastMessageIds: Pick<LastMessageIds, "note">;
}

/** MESSAGE_CREATE, in the order of its channel. */
export const createMessageHandler =
  (deps: EventDeps & MessageLog) =>
  async ({ data, shard }: Pick<GatewayEvent, "data" | "shard">): Promise<void> => {
    const message = await readMessageEvent(deps.api, data);
    // The `/ask` command itself handles a question that Parley posts for somebody.
    if (message.author.id === (await deps.ownId())) return deps.lastMessageIds.note(message, shard);
    await deps.queue.run(message.channel_id, () =>
      retryEvent(deps, () => handleMessage(deps, message)),
    );
    deps.checkpoints.note(message, shard);
    deps.lastMessageIds.note(message, shard);
  };

/** Passes a message that may be for Parley to the intake, with its conversation. Rejects when it could not be stored or Discord did not answer. */
export async function handleMessage(deps: EventDeps, message: Message): Promise<void> {
  const channel = await deps.channels.of(message);
  const reader = await deps.readers(channel.guild_id ?? undefined);
  if (!isFromPerson(message, reader.self)) return;
  const addressed = await addressedIn(deps, message, channel, reader);
  if (addressed === "none") return;
  const place = await placeFor(deps, message, channel, { addressed, reader });
  if (!place) return;
  // Another process may still be handling the thread's first message.
  const mayOvertake = isThread(channel.type) && message.id !== channel.id;
  await deps.intake.message({
    ...incoming(deps, message, { place, addressed, reader }),
    mayOvertake,
  });
}

/** Not from bots and webhooks. Parley's own messages count only if they are somebody's question. */
const isFromPerson = (message: Message, self: string): boolean =>
  isChatMessage(message) &&
  !message.webhook_id &&
  (message.author.id === self ? parseAskedQuestion(message) !== undefined : !message.author.bot);

/** The message as the intake expects it. */
export function incoming(
  { rightsOf }: Pick<EventDeps, "rightsOf">,
  message: Message,
  about: { place: DiscordPlace; addressed: Addressed; reader: MessageReader },
): IncomingMessage {
  const read = readMessage(message, about.reader);
  const { guild } = about.place;
  const roles = message.member?.roles ?? [];
  const rights = rightsOf({ id: read.author.id, guild, roles });
  const conversation = conversationOf(about.place);
  return { ...read, conversation, addressed: about.addressed, ...rights };
}

async function addressedIn(
  deps: Pick<EventDeps, "channels" | "listening">,
  message: Message,
  channel: Channel,
  reader: MessageReader,
): Promise<Addressed> {
  if (message.author.id === reader.self) return "mention";
  const addressed = addressedOf(message, await whereIs(deps, message, channel), reader);
  if (addressed !== "channel") return addressed;
  // Do not open a thread for a message that nobody answers.
  const { guild, channel: parent } = placeOfChannel(channel);
  const place = { platform: "discord", space: guild ?? "", channel: parent, thread: "" };
  const { mode } = await deps.listening.resolve(place);
  return mode === "always" ? addressed : "none";
}

/** The first message of a forum post counts as a channel message: nobody has been asked yet. */
async function whereIs(
  { channels }: Pick<EventDeps, "channels">,
  message: Message,
  channel: Channel,
): Promise<Where> {
  if (!channel.guild_id) return "direct";
  if (!isThread(channel.type)) return "channel";
  if (message.id !== channel.id || !channel.parent_id) return "thread";
  const parent = await channels.of({ ...message, channel_id: channel.parent_id });
  return isForum(parent.type) ? "channel" : "thread";
}

/** Where Parley answers the message; undefined: it cannot, and has said why. */
async function placeFor(
  deps: EventDeps,
  message: Message,
  channel: Channel,
  { addressed, reader }: { addressed: Addressed; reader: MessageReader },
): Promise<DiscordPlace | undefined> {
  if (addressed === "direct") return placeOfChannel({ ...channel, guild_id: null });
  const destination = destinationIn(channel);
  const missing = describeMissing(deps.guilds, channel.id, destination);
  const permissions = deps.guilds.permissionsIn(channel.id) ?? 0n;
  if (missing !== undefined && destination === "new thread" && lacksOnlyThreadPosts(permissions))
    return refuse(deps, message, addressed, missing);
  return tryPlace(deps, message, channel, { addressed, reader, missing });
}

/** `missing`: the permissions that seem to be missing, which may be wrong on a server that sends no roles. */
async function tryPlace(
  deps: EventDeps,
  message: Message,
  channel: Channel,
  about: { addressed: Addressed; reader: MessageReader; missing: string | undefined },
): Promise<DiscordPlace | undefined> {
  const { addressed, reader, missing } = about;
  try {
    const place = supportsThreads(channel.type)
      ? await openThread(deps, message, channel, reader)
      : placeOfChannel(channel);
    // Ask before a team works in vain.
    if (missing !== undefined && (await cannotPost(deps.api, place.thread)))
      return refuse(deps, message, addressed, missing);
    return place;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return refuse(deps, message, addressed, formatRefusal(deps.guilds, error, message.channel_id));
  }
}

/** Opens a thread on the message. If the channel's type is unknown and that fails, the channel itself. */
async function openThread(
  { threads }: Pick<EventDeps, "threads">,
  message: Message,
  channel: Channel,
  reader: MessageReader,
): Promise<DiscordPlace> {
  const { text, author } = readMessage(message, reader);
  try {
    const thread = await threads.open(message, threadName(text, author.name));
    return { ...placeOfChannel({ ...thread, guild_id: channel.guild_id }), channel: channel.id };
  } catch (error) {
    if (channel.isGuess && !isRefusal(error) && !isTransient(error)) return placeOfChannel(channel);
    throw error;
  }
}

/** Notifies only people who mentioned Parley, not everyone who writes where it listens. */
async function refuse(
  { api, onProblem }: Pick<EventDeps, "api" | "onProblem">,
  message: Message,
  addressed: Addressed,
  why: string,
): Promise<undefined> {
  if (addressed === "mention") await notifyRefusal(api, message, why).catch(onProblem);
  return undefined;
}
