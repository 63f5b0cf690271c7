import { fullMemberJson } from "../wire/user-json.ts";
import type { Channel } from "./channel.ts";
import { intentFor } from "./intents.ts";
import type { Message } from "./message.ts";
import type { World } from "./world.ts";

export interface Reaction {
  readonly message: Message;
  readonly channel: Channel;
  readonly userId: string;
  readonly emoji: string;
}

export function addReaction(world: World, reaction: Reaction): void {
  const { message, emoji, userId } = reaction;
  const users = message.reactions.get(emoji) ?? new Set();
  if (users.has(userId)) return;
  message.reactions.set(emoji, users.add(userId));
  tell(world, "MESSAGE_REACTION_ADD", reaction);
}

export function removeReaction(world: World, reaction: Reaction): void {
  const { message, emoji, userId } = reaction;
  const users = message.reactions.get(emoji);
  if (!users?.delete(userId)) return;
  if (users.size === 0) message.reactions.delete(emoji);
  tell(world, "MESSAGE_REACTION_REMOVE", reaction);
}

function tell(world: World, name: string, { message, channel, userId, emoji }: Reaction): void {
  const { guildId } = channel;
  const user = world.users.get(userId);
  const member = world.guilds.get(guildId ?? "")?.members.get(userId);
  const isAdded = name === "MESSAGE_REACTION_ADD";
  world.dispatch({
    name,
    intent: intentFor("reactions", guildId),
    guildId,
    channel,
    data: () => ({
      user_id: userId,
      channel_id: channel.id,
      message_id: message.id,
      emoji: { id: null, name: emoji },
      burst: false,
      type: 0,
      ...(guildId !== null && { guild_id: guildId }),
      ...(isAdded && { message_author_id: message.authorId }),
      ...(isAdded && member && user && { member: fullMemberJson(member, user) }),
    }),
  });
}
