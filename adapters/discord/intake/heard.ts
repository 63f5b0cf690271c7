import { createBoundedMap } from "../../../src/adapter-kit/bounded-map.ts";
import type { Message } from "../wire/message.ts";

/** What a process heard last in each channel. */
export interface Heard {
  note(message: Pick<Message, "id" | "channel_id" | "guild_id">, shard: number): void;
  /** A shard begins a new session: what is heard from now on says nothing about what was missed. */
  begins(shard: number): void;
  /** As it stood when the shard's session began. */
  before(shard: number): HeardBefore;
}

export interface HeardBefore {
  /** Id of the last message; undefined: nothing was heard there. */
  last(channel: string): string | undefined;
  /** Channels of servers, the longest silent first. */
  channels(): readonly { readonly id: string; readonly guild_id: string }[];
}

interface Entry {
  readonly last: string;
  readonly guild: string;
  readonly shard: number;
}

const MOST = 2_000;

export function createHeard(): Heard {
  const now = createBoundedMap<string, Entry>(MOST);
  const sessions = new Map<number, ReadonlyMap<string, Entry>>();
  return {
    note: ({ id, channel_id: channel, guild_id: guild }, shard) =>
      now.set(channel, { last: id, guild: guild ?? "", shard }),
    begins: (shard) =>
      void sessions.set(shard, new Map(now.entries().filter(([, entry]) => entry.shard === shard))),
    before(shard) {
      const channels = sessions.get(shard) ?? new Map<string, Entry>();
      return {
        last: (channel) => channels.get(channel)?.last,
        channels: () =>
          [...channels].flatMap(([id, { guild }]) =>
            guild === "" ? [] : [{ id, guild_id: guild }],
          ),
      };
    },
  };
}
