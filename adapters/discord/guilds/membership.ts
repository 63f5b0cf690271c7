import { type Client, Events, type Guild, InteractionType, Routes } from "discord.js";
import { z } from "zod";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import { type Api, NO_ANSWER } from "../api/api.ts";
import type { EventTakers, GatewayEvent } from "../gateway/listen.ts";
import type { Guilds } from "./guilds.ts";
import { createRespond } from "../interactions/respond.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { codeOf, CODES, isUnauthorized } from "../api/errors.ts";
import { placeOf } from "../ids.ts";
import { INVITE_PERMISSIONS } from "./permissions.ts";

/** Whether a server is served; undefined: a direct message. */
export type AllowsGuild = (guild: string | null | undefined) => boolean;

/** An empty list allows every server. */
export const createAllowsGuild =
  (allowed: readonly string[]): AllowsGuild =>
  (guild) =>
    allowed.length === 0 || !guild || allowed.includes(guild);

/** What is caught up on after a disconnection is only what was said in servers that are served. */
export const onlyServed = (guilds: Guilds, allows: AllowsGuild): Guilds => ({
  ...guilds,
  live: (shard) => guilds.live(shard).filter(({ guild_id: guild }) => allows(guild)),
  withoutThreads: (shard) => guilds.withoutThreads(shard).filter(allows),
});

const InGuild = z.object({ guild_id: z.string().nullish().catch(undefined) });
const Asked = z.object({
  id: z.string(),
  token: z.string(),
  type: z.number(),
  application_id: z.string(),
});

const REFUSED = "Whoever runs this app has not allowed it in this server.";

/** Takes nothing from servers that are not served; who uses a command there is told so. */
export function onlyAllowed(takers: EventTakers, allows: AllowsGuild, api: Api): EventTakers {
  const filtered = Object.entries(takers).map(([name, take]) => [
    name,
    async (event: GatewayEvent) => {
      if (allows(InGuild.safeParse(event.data).data?.guild_id)) return take?.(event);
      if (name === "INTERACTION_CREATE") await refuse(api, event.data);
    },
  ]);
  return Object.fromEntries(filtered);
}

async function refuse(api: Api, data: unknown): Promise<void> {
  const { data: asked } = Asked.safeParse(data);
  if (!asked || asked.type === InteractionType.ApplicationCommandAutocomplete) return;
  const respond = createRespond(api, { ...asked, application: asked.application_id });
  await respond.whisper({ content: REFUSED });
}

export interface GuildChangePorts {
  readonly api: Api;
  readonly allows: AllowsGuild;
  /** Parley is in a server from now on. */
  readonly onAdded: (guild: string) => void;
  readonly guilds: Pick<Guilds, "isMany">;
  readonly commands: Pick<CommandPorts, "teams" | "keys">;
  readonly onProblem: (problem: unknown) => void;
}

/** Leaves a server that adds Parley without being allowed, and says where Parley was removed. Those it was in before are named, not left: a typing error must not throw it out. */
export function listenToGuilds(client: Client, ports: GuildChangePorts): void {
  const { allows, onProblem, commands, guilds } = ports;
  const added = (guild: Guild) => {
    ports.onAdded(guild.id);
    if (guilds.isMany()) onProblem(new Error(formatAdded(nameOf(guild), commands.teams.unseen())));
  };
  client.on(Events.GuildCreate, (guild) => {
    if (allows(guild.id)) added(guild);
    else void leave(ports, guild).catch(onProblem);
  });
  client.on(Events.GuildDelete, (guild) => {
    commands.keys.forget({ platform: "discord", space: guild.id }).catch(onProblem);
    if (allows(guild.id))
      onProblem(
        new Error(
          `Parley was removed from the Discord server ${nameOf(guild)}. Answers for it wait an hour, in case it is added again.`,
        ),
      );
  });
  client.on(Events.ShardReady, (shard) => {
    const others = client.guilds.cache.filter(
      ({ id, shardId }) => shardId === shard && !allows(id),
    );
    if (others.size > 0)
      onProblem(
        new Error(
          `Parley is in Discord servers that are not in DISCORD_ALLOWED_GUILDS, and ignores them: ${others.map(nameOf).join(", ")}.`,
        ),
      );
  });
}

const nameOf = ({ id, name }: Guild): string => (name ? `${name} (${id})` : id);

async function leave({ api, onProblem }: GuildChangePorts, guild: Guild): Promise<void> {
  const route = Routes.userGuild(guild.id);
  await api.call({ method: "DELETE", route, what: "leaving a server" }, NO_ANSWER);
  onProblem(
    new Error(
      `Somebody added Parley to the Discord server ${nameOf(guild)}, which is not in DISCORD_ALLOWED_GUILDS: Parley left it.`,
    ),
  );
}

/** What changes for whoever runs Parley with another server. */
const formatAdded = (name: string, unseen: string | null): string =>
  [
    `Parley was added to the Discord server ${name}, and is in several now. They are separate: each sees its own and the shared teams, and only those whom PARLEY_ADMINS names run Parley.`,
    ...(unseen === null ? [] : [unseen]),
  ].join(" ");

/** What Discord answers in a server that Parley is not in any more; also where a channel was deleted or hidden. */
const ABSENT: ReadonlySet<number | undefined> = new Set([
  CODES.missingAccess,
  CODES.unknownChannel,
  CODES.unknownGuild,
]);
/** What it answers about the server itself. */
const NO_MEMBER: ReadonlySet<number | undefined> = new Set([
  CODES.missingAccess,
  CODES.unknownGuild,
]);

/** Whether a call failed because Parley was removed from the server, or its token was reset. */
export const createIsRemoved =
  (guilds: Pick<Guilds, "knows">, api: Api) =>
  async (error: unknown, conversation: ConversationId): Promise<boolean> => {
    if (error instanceof PlatformError && isUnauthorized(error.cause)) return true;
    const { guild } = placeOf(conversation);
    if (guild === undefined || !ABSENT.has(codeOf(error)) || guilds.knows(guild)) return false;
    // Another process may have the shard of that server.
    const call = {
      method: "GET",
      route: Routes.guild(guild),
      what: "asking for a server",
    } as const;
    return api.call(call, NO_ANSWER).then(
      () => false,
      (refusal: unknown) => NO_MEMBER.has(codeOf(refusal)),
    );
  };

/** The page on which somebody who manages a server adds Parley to it, with just the permissions it needs. */
export function inviteLink(apiUrl: string, application: string): string {
  const link = new URL("/oauth2/authorize", apiUrl);
  link.search = new URLSearchParams({
    client_id: application,
    scope: "bot applications.commands",
    permissions: String(INVITE_PERMISSIONS),
  }).toString();
  return link.href;
}
