import { Routes } from "discord.js";
import type { Api } from "../api/api.ts";
import type { Guilds } from "../guilds.ts";
import { createRecent } from "../recent.ts";
import { Channel, isDirect, isThread } from "../wire/channel.ts";
import type { DiscordPlace } from "../place.ts";

export interface Channels {
  /** From the connection's cache, from what was looked up before, or from Discord. Rejects with a `PlatformError`. */
  get(id: string, signal?: AbortSignal): Promise<Channel>;
  /** Keeps what an event told. */
  learn(channel: Channel): void;
}

const MOST = 5_000;

export function createChannels(guilds: Pick<Guilds, "channel">, api: Api): Channels {
  const seen = createRecent<string, Channel>(MOST);
  return {
    async get(id, signal) {
      const known = guilds.channel(id) ?? seen.get(id);
      if (known) return known;
      const route = Routes.channel(id);
      const call = { method: "GET", route, what: "looking at a channel", signal } as const;
      const found = await api.call(call, Channel);
      seen.set(id, found);
      return found;
    },
    learn: (channel) => seen.set(channel.id, channel),
  };
}

/** The conversation that is held in a channel itself: a thread's, a direct one, or that of a channel without threads. */
export function placeIn({ id, type, guild_id: guild, parent_id: parent }: Channel): DiscordPlace {
  if (isDirect(type)) return { guild: undefined, channel: id, thread: id };
  const channel = isThread(type) ? (parent ?? id) : id;
  return { guild: guild ?? undefined, channel, thread: id };
}
