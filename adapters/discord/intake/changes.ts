import { z } from "zod";
import { addressedOf } from "../parse/addressed.ts";
import { sentAt } from "../parse/read-message.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import { placeIn } from "../threads/channels.ts";
import { hangsIn } from "../threads/open-thread.ts";
import { takesThreads } from "../wire/channel.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import type { Message } from "../wire/message.ts";
import { type IntakePorts, tryAgain } from "./intake-ports.ts";
import { readEvent, incoming } from "./messages.ts";

/** Where a message stands, as its events say. */
type Standing = Pick<Message, "id" | "channel_id"> & Partial<Pick<Message, "thread" | "guild_id">>;

/** The conversation that a message of a channel belongs to: the channel's own, or that of the thread on the message; undefined: none. */
export async function placeOfMessage(
  ports: IntakePorts,
  message: Standing,
): Promise<DiscordPlace | undefined> {
  const channel = await ports.channels.of(message);
  if (!takesThreads(channel.type)) return placeIn(channel);
  const thread = threadOn(ports, message);
  return thread === undefined
    ? undefined
    : { guild: channel.guild_id ?? undefined, channel: channel.id, thread };
}

const threadOn = (ports: IntakePorts, { id, channel_id: channel, thread }: Standing) =>
  thread?.id ??
  ports.threads.of(id) ??
  (hangsIn(ports.guilds.channel(id), channel) ? id : undefined);

/** MESSAGE_UPDATE. Discord sends one for a link that was unfolded, too. */
export const createEditTaker =
  (ports: IntakePorts) =>
  async ({ data }: GatewayEvent): Promise<void> => {
    const message = await readEvent(ports.api, data);
    if (!message.edited_timestamp || message.author.bot || message.webhook_id) return;
    await ports.queue.run(message.channel_id, async () => {
      const place = await placeOfMessage(ports, message);
      if (!place) return;
      const reader = await ports.readers(place.guild);
      const where = place.guild === undefined ? "direct" : "thread";
      const addressed = addressedOf(message, where, reader);
      const edited = incoming(ports, message, { place, addressed, reader });
      const eventId = `${message.id}:${message.edited_timestamp ?? sentAt(message)}`;
      await tryAgain(ports.clock, () => ports.intake.edited(edited, eventId));
    });
  };

const Deleted = z.object({
  id: z.string().optional(),
  ids: z.array(z.string()).default([]),
  channel_id: z.string(),
});

/** MESSAGE_DELETE and MESSAGE_DELETE_BULK. */
export const createDeletionTaker =
  (ports: IntakePorts) =>
  async ({ data }: GatewayEvent): Promise<void> => {
    const { id: single, ids, channel_id: channel } = Deleted.parse(data);
    await ports.queue.run(channel, async () => {
      for (const id of single === undefined ? ids : [single, ...ids]) {
        const place = await placeOfMessage(ports, { id, channel_id: channel });
        if (!place) continue;
        await tryAgain(ports.clock, () =>
          ports.intake.deleted(conversationOf(place), id, `deleted:${id}`),
        );
      }
    });
  };

const ThreadGone = z.object({
  id: z.string(),
  guild_id: z.string().nullish(),
  parent_id: z.string().nullish(),
});

/** THREAD_DELETE: there is nowhere left to answer, so nothing more is spent on it. */
export const createThreadDeletionTaker =
  (ports: IntakePorts) =>
  async ({ data, key }: GatewayEvent): Promise<void> => {
    const { id, guild_id: guild, parent_id: parent } = ThreadGone.parse(data);
    if (!parent) return;
    const conversation = conversationOf({ guild: guild ?? undefined, channel: parent, thread: id });
    const person = {
      id: await ports.identity(),
      name: "the deletion of the thread",
      kind: "self",
    } as const;
    await ports.intake.command({
      conversation,
      eventId: key,
      person,
      level: "admin",
      text: "stop",
    });
  };
