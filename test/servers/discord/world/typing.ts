import { fullMemberJson } from "../wire/user-json.ts";
import type { Channel } from "./channel.ts";
import { intentFor } from "./intents.ts";
import type { World } from "./world.ts";

/** How long the dots dance, ms. */
export const TYPING_MS = 10_000;

export function startTyping(world: World, channel: Channel, userId: string): void {
  const { guildId } = channel;
  const at = world.time.now();
  world.typing.push({ userId, channelId: channel.id, at });
  const user = world.users.get(userId);
  const member = world.guilds.get(guildId ?? "")?.members.get(userId);
  world.dispatch({
    name: "TYPING_START",
    intent: intentFor("typing", guildId),
    guildId,
    channel,
    data: () => ({
      channel_id: channel.id,
      user_id: userId,
      timestamp: Math.floor(at / 1_000),
      ...(guildId !== null && { guild_id: guildId }),
      ...(member && user && { member: fullMemberJson(member, user) }),
    }),
  });
}
