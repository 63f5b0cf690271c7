import type { Guilds } from "../guilds/guilds.ts";
import type { DiscordPlace } from "../ids.ts";
import { supportsThreads } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";
import { type Channels, placeOfChannel } from "./channels.ts";
import { isThreadOf, type Threads } from "./open-thread.ts";

/** A message as its events name it. */
type EventMessage = Pick<Message, "id" | "channel_id"> &
  Partial<Pick<Message, "thread" | "guild_id">>;

/** The conversation of a message in a channel: the channel's own, or that of the message's thread; undefined: none. */
export type PlaceOfMessage = (message: EventMessage) => Promise<DiscordPlace | undefined>;

export function createPlaceOfMessage(
  channels: Pick<Channels, "of">,
  threads: Pick<Threads, "of">,
  guilds: Pick<Guilds, "channel">,
): PlaceOfMessage {
  const threadOf = ({ id, channel_id: channel, thread }: EventMessage) =>
    thread?.id ?? threads.of(id) ?? (isThreadOf(guilds.channel(id), channel) ? id : undefined);
  return async (message) => {
    const channel = await channels.of(message);
    if (!supportsThreads(channel.type)) return placeOfChannel(channel);
    const thread = threadOf(message);
    return thread === undefined
      ? undefined
      : { guild: channel.guild_id ?? undefined, channel: channel.id, thread };
  };
}
