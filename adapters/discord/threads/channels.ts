import { Routes } from "discord.js";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { Channel as Told, isDirect, isThread, TYPES } from "../wire/channel.ts";
import type { DiscordPlace } from "../ids.ts";

/** A channel as it is known; `isGuess`: its kind is not. */
export interface Channel extends Told {
  readonly isGuess?: true;
}

export interface Channels {
  /** From the connection's cache, from what was looked up before, or from Discord. Rejects with a `PlatformError`. */
  get(id: string, signal?: AbortSignal): Promise<Channel>;
  /** Where an event came from; guessed from the event itself where Discord does not show the channel. Rejects when it could not be asked. */
  of(event: Placed): Promise<Channel>;
  /** Keeps what an event told. */
  learn(channel: Channel): void;
}

/** What an event tells of its channel. */
export interface Placed {
  readonly channel_id: string;
  readonly guild_id?: string | null | undefined;
  readonly channel_type?: number | null | undefined;
}

const MOST = 5_000;

export function createChannels(guilds: Pick<Guilds, "channel">, api: Api): Channels {
  const seen = createBoundedMap<string, Channel>(MOST);
  const get: Channels["get"] = async (id, signal) => {
    const known = guilds.channel(id) ?? seen.get(id);
    if (known) return known;
    const route = Routes.channel(id);
    const call = { method: "GET", route, what: "looking at a channel", signal } as const;
    const found = await api.call(call, Told);
    seen.set(id, found);
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
    learn: (channel) => seen.set(channel.id, channel),
  };
}

/** THREAD_CREATE and THREAD_UPDATE: the connection forgets threads of servers that it was not told of. */
export const createChannelLearner =
  ({ learn }: Pick<Channels, "learn">) =>
  async ({ data }: { readonly data: unknown }): Promise<void> => {
    const told = Told.safeParse(data);
    if (told.success) learn(told.data);
  };

/** Discord answered, and would not show it. */
const isHidden = (error: unknown): boolean =>
  error instanceof PlatformError && (error.outcome === "gone" || error.outcome === "rejected");

const guess = ({ channel_id: id, guild_id: guild, channel_type: type }: Placed): Channel => ({
  id,
  type: type ?? (guild ? TYPES.text : TYPES.direct),
  guild_id: guild,
  isGuess: true,
});

/** The conversation that is held in a channel itself: a thread's, a direct one, or that of a channel without threads. */
export function placeIn({ id, type, guild_id: guild, parent_id: parent }: Channel): DiscordPlace {
  if (isDirect(type)) return { guild: undefined, channel: id, thread: id };
  const channel = isThread(type) ? (parent ?? id) : id;
  return { guild: guild ?? undefined, channel, thread: id };
}
