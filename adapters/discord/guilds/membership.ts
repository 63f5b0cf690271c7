import { type Client, Events, type Guild, InteractionType, Routes } from "discord.js";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { PlatformError } from "../../../src/platform.ts";
import { type Api, NO_ANSWER } from "../api/api.ts";
import { codeOf, CODES, isUnauthorized } from "../api/errors.ts";
import type { EventHandlers, GatewayEvent } from "../gateway/listen.ts";
import { placeOf } from "../ids.ts";
import { createRespond } from "../interactions/respond.ts";
import { InGuild } from "../wire/events.ts";
import { MinimalInteraction } from "../wire/interaction.ts";
import type { Guilds } from "./guilds.ts";
import { INVITE_PERMISSIONS } from "./permissions.ts";

/** Whether Parley may be used in a server; undefined: a direct message. */
export type IsAllowedGuild = (guild: string | null | undefined) => boolean;

/** An empty list allows every server. */
export const createIsAllowedGuild =
  (allowed: readonly string[]): IsAllowedGuild =>
  (guild) =>
    allowed.length === 0 || !guild || allowed.includes(guild);

/** Hides the channels of servers that are not allowed from the backfill. */
export const withAllowedGuilds = (guilds: Guilds, isAllowed: IsAllowedGuild): Guilds => ({
  ...guilds,
  live: (shard) => guilds.live(shard).filter(({ guild_id: guild }) => isAllowed(guild)),
  withoutThreads: (shard) => guilds.withoutThreads(shard).filter(isAllowed),
});

/** Ignores events of servers that are not allowed; commands there are refused with a reason. */
export function forAllowedGuilds(
  handlers: EventHandlers,
  isAllowed: IsAllowedGuild,
  api: Api,
): EventHandlers {
  const filtered = Object.entries(handlers).map(([name, handle]) => [
    name,
    async (event: GatewayEvent) => {
      if (isAllowed(InGuild.safeParse(event.data).data?.guild_id)) return handle?.(event);
      if (name === "INTERACTION_CREATE") await refuse(api, event.data);
    },
  ]);
  return Object.fromEntries(filtered);
}

async function refuse(api: Api, data: unknown): Promise<void> {
  const { data: interaction } = MinimalInteraction.safeParse(data);
  if (!interaction || interaction.type === InteractionType.ApplicationCommandAutocomplete) return;
  const application = interaction.application_id;
  const respond = createRespond(api, { ...interaction, application });
  await respond.replyPrivately({
    content: "Whoever runs this app has not allowed it in this server.",
  });
}

export interface GuildChangeOptions {
  readonly api: Api;
  readonly isAllowed: IsAllowedGuild;
  /** Parley was added to an allowed server. */
  readonly onAdded: (guild: string) => void;
  readonly guilds: Pick<Guilds, "isMany">;
  readonly commands: Pick<CommandPorts, "teams" | "keys">;
  readonly onProblem: (problem: unknown) => void;
}

/**
 * Leaves servers that add Parley without being allowed, and reports servers that remove it. Servers that Parley was in before the start are
 * only reported, so that a typo in the setting does not remove Parley everywhere.
 */
export function listenToGuilds(client: Client, options: GuildChangeOptions): void {
  const { isAllowed, onProblem, commands, guilds } = options;
  const added = (guild: Guild) => {
    options.onAdded(guild.id);
    if (guilds.isMany()) onProblem(new Error(formatAdded(nameOf(guild), commands.teams.unseen())));
  };
  client.on(Events.GuildCreate, (guild) => {
    if (isAllowed(guild.id)) added(guild);
    else void leave(options, guild).catch(onProblem);
  });
  client.on(Events.GuildDelete, (guild) => {
    commands.keys.forget({ platform: "discord", space: guild.id }).catch(onProblem);
    if (isAllowed(guild.id))
      onProblem(
        new Error(
          `Parley was removed from the Discord server ${nameOf(guild)}. Answers for it wait an hour, in case it is added again.`,
        ),
      );
  });
  client.on(Events.ShardReady, (shard) => {
    const others = client.guilds.cache.filter(
      ({ id, shardId }) => shardId === shard && !isAllowed(id),
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

async function leave({ api, onProblem }: GuildChangeOptions, guild: Guild): Promise<void> {
  const route = Routes.userGuild(guild.id);
  await api.call({ method: "DELETE", route, what: "leaving a server" }, NO_ANSWER);
  onProblem(
    new Error(
      `Somebody added Parley to the Discord server ${nameOf(guild)}, which is not in DISCORD_ALLOWED_GUILDS: Parley left it.`,
    ),
  );
}

/** What the second server changes for the people who run Parley. */
const formatAdded = (name: string, unseen: string | null): string =>
  [
    `Parley was added to the Discord server ${name}, and is in several now. They are separate: each sees its own and the shared teams, and only people in PARLEY_ADMINS run Parley.`,
    ...(unseen === null ? [] : [unseen]),
  ].join(" ");

/** Errors in a server that Parley was removed from. Deleted and hidden channels cause them too. */
const MAYBE_REMOVED: ReadonlySet<number | undefined> = new Set([
  CODES.missingAccess,
  CODES.unknownChannel,
  CODES.unknownGuild,
]);
/** Errors about the server itself, which only removal causes. */
const REMOVED: ReadonlySet<number | undefined> = new Set([CODES.missingAccess, CODES.unknownGuild]);

/** Whether a call failed because Parley was removed from the server, or its token was reset. */
export const createIsRemoved =
  (guilds: Pick<Guilds, "knows">, api: Api) =>
  async (error: unknown, conversation: ConversationId): Promise<boolean> => {
    if (error instanceof PlatformError && isUnauthorized(error.cause)) return true;
    const { guild } = placeOf(conversation);
    if (guild === undefined || !MAYBE_REMOVED.has(codeOf(error)) || guilds.knows(guild))
      return false;
    // Another process may have the shard of that server.
    const call = {
      method: "GET",
      route: Routes.guild(guild),
      what: "asking for a server",
    } as const;
    return api.call(call, NO_ANSWER).then(
      () => false,
      (refusal: unknown) => REMOVED.has(codeOf(refusal)),
    );
  };

/** The page on which people add Parley to their server, with only the permissions it needs. */
export function inviteLink(apiUrl: string, application: string): string {
  const link = new URL("/oauth2/authorize", apiUrl);
  link.search = new URLSearchParams({
    client_id: application,
    scope: "bot applications.commands",
    permissions: String(INVITE_PERMISSIONS),
  }).toString();
  return link.href;
}
