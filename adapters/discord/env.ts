import { z } from "zod";
import { freshMinutes, nameList, readAdapterSettings } from "../../src/adapter-kit/settings.ts";
import { SettingsError } from "../../src/settings.ts";
import { trimEndOf } from "../../src/text/trim-end-of.ts";

const APPS = "https://discord.com/developers/applications → your app";

/** "0-3", "0,2,5" or both. */
function shardIds(text: string): readonly number[] | undefined {
  const ids = text.split(",").flatMap((part) => {
    const [, from, to] = /^\s*(\d{1,4})(?:\s*-\s*(\d{1,4}))?\s*$/.exec(part) ?? [];
    if (from === undefined) return [Number.NaN];
    const length = Number(to ?? from) - Number(from) + 1;
    return length < 1 ? [Number.NaN] : Array.from({ length }, (_, i) => Number(from) + i);
  });
  return ids.some(Number.isNaN) ? undefined : [...new Set(ids)];
}

/** The Discord adapter's environment variables; an empty one counts as not set. */
export const DiscordEnv = z.object({
  DISCORD_TOKEN: z
    .string(`is not set: copy it from ${APPS} → Bot → Token (Reset Token shows a new one)`)
    .refine(
      (token) => !/\s/.test(token),
      `has white space in it: copy it again from ${APPS} → Bot → Token`,
    )
    .transform((token) => token.replace(/^Bot /, ""))
    .describe("The bot's token."),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^\d+$/, "is not the id of a server: right-click the server in Discord → Copy Server ID")
    .optional()
    .describe(
      "For development: registers the slash commands in this server only, where changes show at once.",
    ),
  DISCORD_MESSAGE_CONTENT: z
    .enum(["on", "off"], "must be on or off")
    .default("on")
    .describe(
      "With `off`, Parley runs without the privileged Message Content Intent and answers only mentions, direct messages and commands.",
    ),
  DISCORD_ALLOWED_GUILDS: nameList
    .refine(
      (ids) => ids.every((id) => /^\d+$/.test(id)),
      "must list ids of servers: right-click a server in Discord → Copy Server ID",
    )
    .describe(
      "Ids of the servers that may use Parley, separated by commas. Parley leaves any other server that adds it. If not set: every server.",
    ),
  DISCORD_ADMINS: nameList.describe(
    "Ids of users and roles who are admins besides everybody who may manage the server, separated by commas.",
  ),
  DISCORD_FRESH_MINUTES: freshMinutes(60),
  DISCORD_SHARDS: z
    .string()
    .refine((text) => text === "auto" || shardIds(text), "must be auto, or shards such as 0-3")
    .default("auto")
    .describe(
      "Shards that this process connects. `auto`: all shards, divided among the processes on one PostgreSQL database. Or a range such as 0-3, one per process.",
    ),
  DISCORD_SHARD_COUNT: z.coerce
    .number("must be a number of shards")
    .int("must be a number of shards")
    .min(1, "must be 1 or more")
    .optional()
    .describe("Number of shards of all processes together. Required with a range."),
  DISCORD_REQUESTS_PER_SECOND: z.coerce
    .number("must be a number of requests")
    .int("must be a number of requests")
    .min(5, "must be 5 or more")
    .default(45)
    .describe(
      "Requests per second that the bot may send, all processes together. Discord allows 50, and more for very large bots.",
    ),
  DISCORD_API_URL: z
    .url({
      protocol: /^https?$/,
      error: "must be a URL without a version, such as https://discord.com/api",
    })
    .default("https://discord.com/api")
    .transform((url) => trimEndOf(url, /\//))
    .refine(
      (url) => !/\/v\d+$/.test(url),
      "must not include the version: set DISCORD_API_VERSION instead",
    )
    .describe("Address of Discord's API. Parley asks it for the gateway's address."),
  DISCORD_API_VERSION: z
    .string()
    .regex(/^\d{1,3}$/, "must be a number, such as 10")
    .default("10")
    .describe("Version of the API and of the gateway."),
});

type Env = Readonly<Record<string, string | undefined>>;

/** The environment, checked. */
export interface DiscordSettings {
  readonly token: string;
  readonly guild: string | undefined;
  /** Whether Parley requests the privileged intent. */
  readonly messageContent: boolean;
  readonly admins: readonly string[];
  /** Ids; empty: every server. */
  readonly allowedGuilds: readonly string[];
  readonly freshMs: number;
  readonly shards: "auto" | readonly number[];
  readonly shardCount: number | undefined;
  readonly requestsPerSecond: number;
  /** Has no version and no trailing slash. */
  readonly apiUrl: string;
  readonly apiVersion: string;
}

/** The settings of one process of the bot. */
export interface BotSettings extends DiscordSettings {
  /** Number of processes. */
  readonly processes: number;
}

/** Whether the environment means Discord: its token is there, even if it is empty. */
export const isDiscordConfigured = (env: Env): boolean => env["DISCORD_TOKEN"] !== undefined;

/** Throws a `SettingsError` that names each variable and the page where it is found; secrets are never in its text. */
export function readDiscordSettings(env: Env): DiscordSettings {
  const data = readAdapterSettings(DiscordEnv, env, ["DISCORD_TOKEN"]);
  const shards = data.DISCORD_SHARDS === "auto" ? "auto" : (shardIds(data.DISCORD_SHARDS) ?? []);
  const count = data.DISCORD_SHARD_COUNT;
  if (shards !== "auto") checkRange(shards, count);
  return {
    token: data.DISCORD_TOKEN,
    guild: data.DISCORD_GUILD_ID,
    messageContent: data.DISCORD_MESSAGE_CONTENT === "on",
    admins: data.DISCORD_ADMINS,
    allowedGuilds: data.DISCORD_ALLOWED_GUILDS,
    freshMs: data.DISCORD_FRESH_MINUTES * 60_000,
    shards,
    shardCount: count,
    requestsPerSecond: data.DISCORD_REQUESTS_PER_SECOND,
    apiUrl: data.DISCORD_API_URL,
    apiVersion: data.DISCORD_API_VERSION,
  };
}

function checkRange(shards: readonly number[], count: number | undefined): void {
  if (count === undefined)
    throw new SettingsError(
      "DISCORD_SHARD_COUNT is not set: DISCORD_SHARDS is a range, so every process must know the total number of shards",
    );
  const last = Math.max(...shards);
  if (last >= count)
    throw new SettingsError(
      `DISCORD_SHARDS names shard ${last}, but DISCORD_SHARD_COUNT is ${count}: shards are counted from 0`,
    );
}
