import { Routes } from "discord.js";
import { type Api, NO_ANSWER } from "../api/api.ts";
import type { DiscordSettings } from "../env.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { inviteLink } from "../guilds/membership.ts";
import { OwnGuilds, RegisteredCommands } from "../wire/answers.ts";
import { commandDefinitions } from "./definitions.ts";

interface Registration {
  readonly api: Api;
  readonly settings: Pick<DiscordSettings, "apiUrl" | "guild">;
  readonly guilds: Pick<Guilds, "application" | "count">;
  readonly onProblem: (problem: unknown) => void;
}

/** Registers the slash commands, and reports the invite link while the bot is in no server. */
export async function registerAndInvite({
  api,
  settings,
  guilds,
  onProblem,
}: Registration): Promise<void> {
  const application = guilds.application();
  if (application === undefined) return;
  if (guilds.count() === 0 && (await isInNoServer(api))) {
    const link = inviteLink(settings.apiUrl, application);
    onProblem(new Error(`Parley is in no Discord server yet. Add it with ${link}`));
  }
  const commands = commandDefinitions();
  await registerCommands({ api, application, guild: settings.guild, commands });
}

/** Asks Discord, because other processes may have the shards of the bot's servers. */
const isInNoServer = async (api: Api): Promise<boolean> => {
  const call = { method: "GET", route: Routes.userGuilds(), query: { limit: 1 } } as const;
  const servers = await api.call({ ...call, what: "asking for its servers" }, OwnGuilds);
  return servers.length === 0;
};

export interface RegisterOptions {
  readonly api: Api;
  readonly application: string;
  /** Registers in this server only, where changes show at once; undefined: globally. */
  readonly guild: string | undefined;
  readonly commands: readonly Record<string, unknown>[];
}

/** Replaces all registered commands if they differ from ours. Returns whether it wrote. */
export async function registerCommands(options: RegisterOptions): Promise<boolean> {
  const { api, application, guild, commands } = options;
  const route =
    guild === undefined
      ? Routes.applicationCommands(application)
      : Routes.applicationGuildCommands(application, guild);
  const what = "registering the slash commands";
  // If they cannot be read, writing them again does no harm.
  const registered = await api
    .call({ method: "GET", route, what }, RegisteredCommands)
    .catch(() => []);
  if (isSame(registered, commands)) return false;
  await api.call({ method: "PUT", route, what, body: commands }, NO_ANSWER);
  return true;
}

const isSame = (
  registered: readonly Record<string, unknown>[],
  wanted: readonly Record<string, unknown>[],
): boolean =>
  registered.length === wanted.length &&
  wanted.every((command) =>
    registered.some(
      (other) =>
        other["name"] === command["name"] &&
        other["type"] === command["type"] &&
        matches(other, command),
    ),
  );

/** Fields that must be absent in Discord's version where ours has none; Discord adds other fields by itself. */
const SIGNIFICANT = [
  "choices",
  "options",
  "required",
  "autocomplete",
  "default_member_permissions",
];

/** Whether Discord's version equals ours. Discord omits what is empty or false. */
function matches(theirs: unknown, ours: unknown): boolean {
  if (Array.isArray(ours)) {
    const list = Array.isArray(theirs) ? theirs : [];
    return list.length === ours.length && ours.every((one, i) => matches(list[i], one));
  }
  if (typeof ours !== "object" || ours === null) return theirs === ours;
  const absent = SIGNIFICANT.filter((key) => !Object.hasOwn(ours, key));
  return (
    Object.entries(ours).every(([key, value]) => matches(fieldOf(theirs, key), value)) &&
    absent.every((key) => isEmpty(fieldOf(theirs, key)))
  );
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length === 0
    : value === undefined || value === null || value === false;

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(value).find(([k]) => k === key)?.[1]
    : undefined;
