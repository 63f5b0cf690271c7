import { type Call, param, type Route } from "../rest/call.ts";
import { channelJson } from "../wire/channel-json.ts";
import { guildJson, roleJson } from "../wire/guild-json.ts";
import { fullMemberJson } from "../wire/user-json.ts";
import { isThread } from "../world/channel.ts";
import type { Guild } from "../world/guild.ts";
import { removeBot } from "../world/guild-life.ts";
import { guildOf, userOf } from "../world/look-up.ts";
import { refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";

export function guildEndpoints(world: World): readonly Route[] {
  const bot = world.application.user.id;
  const find = (call: Call): Guild => {
    const guild = guildOf(world, param(call, "guild"));
    if (!guild.members.has(bot)) throw refusal("missingAccess");
    return guild;
  };
  return [
    {
      pattern: "GET /users/@me/guilds",
      run: () =>
        [...world.guilds.values()].map(({ id, name, ownerId }) => ({
          id,
          name,
          icon: null,
          banner: null,
          owner: ownerId === bot,
          permissions: "0",
          features: [],
        })),
    },
    {
      pattern: "DELETE /users/@me/guilds/:guild",
      run(call) {
        removeBot(world, find(call));
      },
    },
    { pattern: "GET /guilds/:guild", run: (call) => guildJson(find(call)) },
    {
      pattern: "GET /guilds/:guild/channels",
      run(call) {
        const guild = find(call);
        return [...world.channels.values()]
          .filter((channel) => channel.guildId === guild.id && !isThread(channel))
          .map((channel) => channelJson(world, channel));
      },
    },
    {
      pattern: "GET /guilds/:guild/roles",
      run: (call) => [...find(call).roles.values()].map(roleJson),
    },
    {
      pattern: "GET /guilds/:guild/members",
      run(call) {
        if (!world.application.privileged.guildMembers) throw refusal("missingAccess");
        return [...find(call).members.values()].map((member) =>
          fullMemberJson(member, userOf(world, member.userId)),
        );
      },
    },
    {
      pattern: "GET /guilds/:guild/members/:user",
      run(call) {
        const member = find(call).members.get(param(call, "user"));
        if (!member) throw refusal("unknownMember");
        return fullMemberJson(member, userOf(world, member.userId));
      },
    },
  ];
}
