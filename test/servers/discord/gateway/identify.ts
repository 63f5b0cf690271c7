import { z } from "zod";
import { applicationFlags } from "../endpoints/users.ts";
import { guildCreateJson } from "../wire/guild-json.ts";
import { userJson } from "../wire/user-json.ts";
import { INTENT, KNOWN_INTENTS } from "../world/intents.ts";
import type { World } from "../world/world.ts";
import { hasMembers, type Session, shardOf, tell } from "./session.ts";
import { CLOSE } from "./socket.ts";

const Identify = z.looseObject({
  token: z.string(),
  intents: z.int(),
  shard: z.tuple([z.int(), z.int()]).default([0, 1]),
  properties: z.looseObject({}),
});
export type Identify = z.infer<typeof Identify>;

/** Guilds that one shard may have. */
const GUILDS_PER_SHARD = 2_500;

const isToken = (world: World, token: string): boolean =>
  token.replace(/^Bot /, "") === world.application.token;

const disallowed = ({ application: { privileged } }: World): number =>
  (privileged.guildMembers ? 0 : INTENT.guildMembers) |
  (privileged.presences ? 0 : INTENT.guildPresences) |
  (privileged.messageContent ? 0 : INTENT.messageContent);

function closeCodeFor(world: World, { token, intents, shard }: Identify): number | undefined {
  const [index, count] = shard;
  const load = [...world.guilds.keys()].filter((id) => shardOf(id, count) === index).length;
  const refusals: readonly (readonly [isRefused: boolean, code: number])[] = [
    [!isToken(world, token), CLOSE.authenticationFailed],
    [count < 1 || index < 0 || index >= count, CLOSE.invalidShard],
    [load > GUILDS_PER_SHARD, CLOSE.shardingRequired],
    [(intents & ~KNOWN_INTENTS) !== 0, CLOSE.invalidIntents],
    [(intents & disallowed(world)) !== 0, CLOSE.disallowedIntents],
  ];
  return refusals.find(([isRefused]) => isRefused)?.[1];
}

/** Reads IDENTIFY; a number is the close code that it gets. */
export function readIdentify(world: World, data: unknown): Identify | number {
  const parsed = Identify.safeParse(data);
  if (!parsed.success) return CLOSE.decodeError;
  return closeCodeFor(world, parsed.data) ?? parsed.data;
}

/** READY, then the shard's guilds one by one. */
export function tellReady(world: World, session: Session, gatewayUrl: string): void {
  const [index, count] = session.shard;
  const guilds = [...world.guilds.values()].filter(({ id }) => shardOf(id, count) === index);
  tell(session, "READY", {
    v: 10,
    user: { ...userJson(world.application.user), verified: true, email: null, mfa_enabled: true },
    user_settings: {},
    session_type: "normal",
    session_id: session.id,
    resume_gateway_url: gatewayUrl,
    shard: session.shard,
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    application: { id: world.application.id, flags: applicationFlags(world) },
    private_channels: [],
    relationships: [],
    presences: [],
    guild_join_requests: [],
    geo_ordered_rtc_regions: [],
    auth: {},
    _trace: [],
  });
  for (const guild of guilds.filter(({ available }) => available)) {
    tell(
      session,
      "GUILD_CREATE",
      guildCreateJson(world, guild, { withMembers: hasMembers(session) }),
    );
  }
}
