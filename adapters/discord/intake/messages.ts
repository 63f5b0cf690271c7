import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { Addressed, Intake } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { LastMessageIds, ShardCheckpoints } from "../backfill/checkpoints.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import { addressedOf, type Where } from "../parse/addressed.ts";
import { isChatMessage, type MessageReader, type Readers } from "../parse/read-message.ts";
import { parseAskedQuestion } from "../render/small-print.ts";
import { type Channel, type Channels, placeOfChannel } from "../threads/channels.ts";
import { fetchMessage } from "../threads/fetch-messages.ts";
import { isForum, isThread } from "../wire/channel.ts";
import { MessageRef } from "../wire/events.ts";
import { Message } from "../wire/message.ts";
import type { ChannelQueue } from "./channel-queue.ts";
import type { FindDestination } from "./destination.ts";
import type { ToIncoming } from "./incoming.ts";
import { isForProxy, type Proxies } from "./proxies.ts";
import type { Replace } from "./replace.ts";

/** The message of an event; fetched where a server sends only what changed. */
export async function readMessageEvent(api: Api, data: unknown): Promise<Message> {
  const whole = Message.safeParse(data);
  if (whole.success) return whole.data;
  const { id, channel_id: channel } = MessageRef.parse(data);
  return fetchMessage(api, { channel, id });
}

/** Passes a message that may be for Parley to the intake, with its conversation. Rejects when it could not be stored or Discord did not answer. */
export type HandleMessage = (message: Message) => Promise<void>;

interface MessageEventPorts {
  readonly api: Api;
  readonly ownId: () => Promise<string>;
  readonly queue: ChannelQueue;
  readonly handle: HandleMessage;
  readonly checkpoints: Pick<ShardCheckpoints, "note">;
  readonly lastMessageIds: Pick<LastMessageIds, "note">;
  readonly proxies: Pick<Proxies, "wrote">;
  readonly replace: Replace;
}

/** MESSAGE_CREATE, in the order of its channel. */
export const createMessageHandler =
  ({ api, ownId, queue, handle, checkpoints, lastMessageIds, ...ports }: MessageEventPorts) =>
  async ({ data, shard }: Pick<GatewayEvent, "data" | "shard">): Promise<void> => {
    const message = await readMessageEvent(api, data);
    // The `/ask` command itself handles a question that Parley posts for somebody.
    if (message.author.id === (await ownId())) return lastMessageIds.note(message, shard);
    await queue.run(message.channel_id, () =>
      message.webhook_id ? takeWebhooks(message, ports) : handle(message),
    );
    checkpoints.note(message, shard);
    lastMessageIds.note(message, shard);
  };

async function takeWebhooks(
  message: Message,
  { proxies, replace }: Pick<MessageEventPorts, "proxies" | "replace">,
): Promise<void> {
  const proxied = proxies.wrote(message);
  if (proxied) await replace(proxied);
}

interface MessagePorts {
  readonly proxies: Pick<Proxies, "took">;
  readonly intake: Pick<Intake, "message">;
  readonly channels: Pick<Channels, "of">;
  readonly readers: Readers;
  readonly listening: CommandPorts["listening"];
  readonly findDestination: FindDestination;
  readonly toIncoming: ToIncoming;
}

export const createHandleMessage =
  ({ intake, channels, readers, listening, proxies, ...ports }: MessagePorts): HandleMessage =>
  async (message) => {
    const channel = await channels.of(message);
    const reader = await readers(channel.guild_id ?? undefined);
    if (!isFromPerson(message, reader.self)) return;
    const where = await whereIs(channels, message, channel);
    const addressed = await listenedTo(listening, channel, addressedIn(message, where, reader));
    if (addressed === "none" || (addressed !== "mention" && isForProxy(message))) return;
    proxies.took({ message, addressed });
    const place = await ports.findDestination({ message, channel, addressed, reader });
    if (!place) return;
    proxies.took({ message, addressed, place });
    // Another process may still be handling the thread's first message.
    const mayOvertake = isThread(channel.type) && message.id !== channel.id;
    const incoming = ports.toIncoming(message, { place, addressed, reader });
    await intake.message({ ...incoming, mayOvertake });
  };

/** Not from bots and webhooks. Parley's own messages count only if they are somebody's question. */
const isFromPerson = (message: Message, self: string): boolean =>
  isChatMessage(message) &&
  !message.webhook_id &&
  (message.author.id === self ? parseAskedQuestion(message) !== undefined : !message.author.bot);

const addressedIn = (message: Message, where: Where, reader: MessageReader): Addressed =>
  message.author.id === reader.self ? "mention" : addressedOf(message, where, reader);

/** No thread is opened for a message that nobody answers. */
async function listenedTo(
  listening: MessagePorts["listening"],
  channel: Channel,
  addressed: Addressed,
): Promise<Addressed> {
  if (addressed !== "channel") return addressed;
  const { guild, channel: parent } = placeOfChannel(channel);
  const place = { platform: "discord", space: guild ?? "", channel: parent, thread: "" };
  const { mode } = await listening.resolve(place);
  return mode === "always" ? addressed : "none";
}

/** The first message of a forum post counts as a channel message: nobody has been asked yet. */
async function whereIs(
  channels: Pick<Channels, "of">,
  message: Message,
  channel: Channel,
): Promise<Where> {
  if (!channel.guild_id) return "direct";
  if (!isThread(channel.type)) return "channel";
  if (message.id !== channel.id || !channel.parent_id) return "thread";
  const parent = await channels.of({ ...message, channel_id: channel.parent_id });
  return isForum(parent.type) ? "channel" : "thread";
}
