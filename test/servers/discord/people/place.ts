import type { Channel } from "../world/channel.ts";
import { channelOf } from "../world/look-up.ts";
import type { World } from "../world/world.ts";

/** A channel, a thread, or direct messages. */
export interface Place {
  readonly id: string;
}

export interface MessagePlace extends Place {
  readonly channelId: string;
}

export const channelAt = (world: World, { id }: Place): Channel => channelOf(world, id);

/** The name that people see in a guild. */
export function shownName(world: World, guildId: string | null, userId: string): string {
  const nick = world.guilds.get(guildId ?? "")?.members.get(userId)?.nick;
  const user = world.users.get(userId);
  return nick ?? user?.globalName ?? user?.username ?? "unknown";
}

/** Text as people read it: names in place of tokens. */
export function readable(world: World, channel: Channel, content: string): string {
  const guild = world.guilds.get(channel.guildId ?? "");
  return content
    .replaceAll(/<@!?(\d+)>/g, (_, id: string) => `@${shownName(world, channel.guildId, id)}`)
    .replaceAll(/<@&(\d+)>/g, (_, id: string) => `@${guild?.roles.get(id)?.name ?? "unknown-role"}`)
    .replaceAll(/<#(\d+)>/g, (_, id: string) => `#${world.channels.get(id)?.name ?? "unknown"}`);
}

/** The reverse: what the app sends when somebody has picked the names it offers. */
export function typed(world: World, channel: Channel, text: string): string {
  const guild = world.guilds.get(channel.guildId ?? "");
  const people = [...(guild?.members.keys() ?? [...channel.recipients, world.application.user.id])];
  const names = [
    ...people.map((id) => [`@${shownName(world, channel.guildId, id)}`, `<@${id}>`] as const),
    ...[...(guild?.roles.values() ?? [])]
      .filter(({ id, botId }) => id !== guild?.id && botId === null)
      .map(({ id, name }) => [`@${name}`, `<@&${id}>`] as const),
  ];
  return names
    .toSorted(([a], [b]) => b.length - a.length)
    .reduce(
      (sum, [name, token]) =>
        sum.replaceAll(new RegExp(`${RegExp.escape(name)}(?!\\w)`, "g"), token),
      text,
    );
}
