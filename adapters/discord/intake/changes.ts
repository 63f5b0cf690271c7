import type { GatewayEvent } from "../gateway/listen.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import { byDeletionOf } from "../../../src/progress/failure-words.ts";
import { addressedOf } from "../parse/addressed.ts";
import { sentAt } from "../parse/read-message.ts";
import { placeOfChannel } from "../threads/channels.ts";
import { isThreadOf } from "../threads/open-thread.ts";
import { supportsThreads } from "../wire/channel.ts";
import { DeletedMessages, DeletedThread } from "../wire/events.ts";
import type { Message } from "../wire/message.ts";
import { type EventDeps, retryEvent } from "./event-deps.ts";
import { incoming, readMessageEvent } from "./messages.ts";

/** A message as its events name it. */
type EventMessage = Pick<Message, "id" | "channel_id"> &
  Partial<Pick<Message, "thread" | "guild_id">>;

/** The conversation of a message in a channel: the channel's own, or that of the message's thread; undefined: none. */
export async function placeOfMessage(
  deps: Pick<EventDeps, "channels" | "threads" | "guilds">,
  message: EventMessage,
): Promise<DiscordPlace | undefined> {
  const channel = await deps.channels.of(message);
  if (!supportsThreads(channel.type)) return placeOfChannel(channel);
  const thread = threadOf(deps, message);
  return thread === undefined
    ? undefined
    : { guild: channel.guild_id ?? undefined, channel: channel.id, thread };
}

const threadOf = (
  { threads, guilds }: Pick<EventDeps, "threads" | "guilds">,
  { id, channel_id: channel, thread }: EventMessage,
) => thread?.id ?? threads.of(id) ?? (isThreadOf(guilds.channel(id), channel) ? id : undefined);

/** MESSAGE_UPDATE. Discord also sends one when it unfolds a link. */
export const createEditHandler =
  (deps: EventDeps) =>
  async ({ data }: GatewayEvent): Promise<void> => {
    const message = await readMessageEvent(deps.api, data);
    if (!message.edited_timestamp || message.author.bot || message.webhook_id) return;
    await deps.queue.run(message.channel_id, async () => {
      const place = await placeOfMessage(deps, message);
      if (!place) return;
      const reader = await deps.readers(place.guild);
      const where = place.guild === undefined ? "direct" : "thread";
      const addressed = addressedOf(message, where, reader);
      const edited = incoming(deps, message, { place, addressed, reader });
      const eventId = `${message.id}:${message.edited_timestamp ?? sentAt(message)}`;
      await retryEvent(deps, () => deps.intake.edited(edited, eventId));
    });
  };

/** MESSAGE_DELETE and MESSAGE_DELETE_BULK. */
export const createDeletionHandler =
  (deps: EventDeps) =>
  async ({ data }: GatewayEvent): Promise<void> => {
    const { id: single, ids, channel_id: channel } = DeletedMessages.parse(data);
    await deps.queue.run(channel, async () => {
      for (const id of single === undefined ? ids : [single, ...ids]) {
        const place = await placeOfMessage(deps, { id, channel_id: channel });
        if (!place) continue;
        await retryEvent(deps, () =>
          deps.intake.deleted(conversationOf(place), id, `deleted:${id}`),
        );
      }
    });
  };

/** THREAD_DELETE stops the thread's turn: it can no longer post an answer. */
export const createThreadDeletionHandler =
  ({ intake, ownId }: Pick<EventDeps, "intake" | "ownId">) =>
  async ({ data, key }: GatewayEvent): Promise<void> => {
    const { id, guild_id: guild, parent_id: parent } = DeletedThread.parse(data);
    if (!parent) return;
    const conversation = conversationOf({ guild: guild ?? undefined, channel: parent, thread: id });
    const person = {
      id: await ownId(),
      name: byDeletionOf("thread"),
      kind: "self",
    } as const;
    await intake.command({ conversation, eventId: key, person, level: "admin", text: "stop" });
  };
