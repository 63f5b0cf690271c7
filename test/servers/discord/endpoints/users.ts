import { z } from "zod";
import { parseForm } from "../forms/parse-form.ts";
import { param, type Route } from "../rest/call.ts";
import { channelJson } from "../wire/channel-json.ts";
import type { Json } from "../wire/json.ts";
import { userJson } from "../wire/user-json.ts";
import { directChannel } from "../world/guild-life.ts";
import { userOf } from "../world/look-up.ts";
import type { World } from "../world/world.ts";

/** Flags of an application whose privileged intents are switched on, as apps in few guilds have them. */
const LIMITED = { presences: 1 << 13, guildMembers: 1 << 15, messageContent: 1 << 19 } as const;

export function applicationFlags({ application }: World): number {
  const { presences, guildMembers, messageContent } = application.privileged;
  return (
    (presences ? LIMITED.presences : 0) |
    (guildMembers ? LIMITED.guildMembers : 0) |
    (messageContent ? LIMITED.messageContent : 0)
  );
}

const applicationJson = (world: World): Json => ({
  id: world.application.id,
  name: world.application.user.username,
  icon: null,
  description: "",
  type: null,
  verify_key: "0".repeat(64),
  flags: applicationFlags(world),
  bot: userJson(world.application.user),
  bot_public: true,
  bot_require_code_grant: false,
  integration_types_config: { 0: {} },
  owner: userJson(world.application.user),
  team: null,
  redirect_uris: [],
  interactions_endpoint_url: null,
  role_connections_verification_url: null,
});

export function userEndpoints(world: World): readonly Route[] {
  const { user } = world.application;
  return [
    {
      pattern: "GET /users/@me",
      run: () => ({
        ...userJson(user),
        verified: true,
        email: null,
        mfa_enabled: true,
        locale: "en-US",
      }),
    },
    { pattern: "GET /users/:user", run: (call) => userJson(userOf(world, param(call, "user"))) },
    { pattern: "GET /applications/@me", run: () => applicationJson(world) },
    { pattern: "GET /oauth2/applications/@me", run: () => applicationJson(world) },
    {
      pattern: "POST /users/@me/channels",
      run(call) {
        const form = z.looseObject({ recipient_id: z.string() });
        const { recipient_id: id } = parseForm(form, call.body);
        return channelJson(world, directChannel(world, userOf(world, id).id));
      },
    },
  ];
}
