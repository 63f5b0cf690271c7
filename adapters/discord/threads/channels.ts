import { Routes } from "discord.js";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { Channel as WireChannel, isDirect, isThread, TYPES } from "../wire/channel.ts";
import type { DiscordPlace } from "../ids.ts";

/** A known channel. `isGuess`: its type is guessed. */
export interface Channel extends WireChannel {
  readonly isGuess?: true;
}

export interface Channels {
  /** From the gateway's cache, from an earlier lookup, or from the API. Rejects with a `PlatformError`. */
  get(id: string, signal?: AbortSignal): Promise<Channel>;
  /** The channel of an event; guessed from the event if Discord does not show the channel. Rejects when Discord did not answer. */
  of(event: Placed): Promise<Channel>;
  /** Remembers the channel of an event. */
  remember(channel: Channel): void;
}

/** The fields of an event that describe its channel. */
export interface Placed {
  readonly channel_id: string;
  readonly guild_id?: string | null | undefined;
  readonly channel_type?: number | null | undefined;
}

const MOST = 5_000;

export function createChannels(guilds: Pick<Guilds, "channel">, api: Api): Channels {
  const fetched = createBoundedMap<string, Channel>(MOST);
  const get: Channels["get"] = async (id, signal) => {
    const known = guilds.channel(id) ?? fetched.get(id);
    if (known) return known;
    const route = Routes.channel(id);
    const call = { method: "GET", route, what: "looking at a channel", signal } as const;
    const found = await api.call(call, WireChannel);
    fetched.set(id, found);
    return found;
  };
  return {
    get,
    async of(event) {
      const found = await get(event.channel_id).catch((error: unknown) => {
        if (isHidden(error)) return guess(event);
        throw error;
      });
      return { ...found, guild_id: found.guild_id ?? event.guild_id };
    },
    remember: (channel) => fetched.set(channel.id, channel),
  };
}

/** THREAD_CREATE and THREAD_UPDATE: discord.js ignores threads of servers it does not know. */
export const createChannelHandler =
  ({ remember }: Pick<Channels, "remember">) =>
  async ({ data }: { readonly data: unknown }): Promise<void> => {
    const parsed = WireChannel.safeParse(data);
    if (parsed.success) remember(parsed.data);
  };

/** Whether Discord refused to show the channel. */
const isHidden = (error: unknown): boolean =>
  error instanceof PlatformError && (error.outcome === "gone" || error.outcome === "rejected");

const guess = ({ channel_id: id, guild_id: guild, channel_type: type }: Placed): Channel => ({
  id,
  type: type ?? (guild ? TYPES.text : TYPES.direct),
  guild_id: guild,
  isGuess: true,
});

/** The conversation in the channel itself, not in one of its threads. */
export function placeOfChannel({
  id,
  type,
  guild_id: guild,
  parent_id: parent,
}: Channel): DiscordPlace {
  if (isDirect(type)) return { guild: undefined, channel: id, thread: id };
  const channel = isThread(type) ? (parent ?? id) : id;
  return { guild: guild ?? undefined, channel, thread: id };
}
