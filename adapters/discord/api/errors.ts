import { DiscordAPIError, HTTPError, RateLimitError, GatewayCloseCodes } from "discord.js";
import { PlatformError } from "../../../src/platform.ts";
import { SettingsError } from "../../../src/settings.ts";

/** Discord's error codes that this adapter handles. */
export const CODES = {
  unknownChannel: 10003,
  unknownGuild: 10004,
  unknownMessage: 10008,
  unknownInteraction: 10062,
  oldEdits: 30046,
  alreadyAcknowledged: 40060,
  missingAccess: 50001,
  cannotMessageUser: 50007,
  missingPermissions: 50013,
  invalid: 50035,
  archived: 50083,
  threadExists: 160004,
  locked: 160005,
  tooManyThreads: 160006,
} as const;

const WORDS: Readonly<Record<number, string>> = {
  [CODES.unknownChannel]: "The channel or thread does not exist any more",
  [CODES.unknownMessage]: "The message does not exist any more",
  [CODES.oldEdits]: "The message is older than an hour, and Discord refuses more edits of it",
  [CODES.missingAccess]:
    "Parley cannot see the channel: let its role have View Channel and Read Message History there",
  [CODES.cannotMessageUser]: "The person accepts no direct messages from Parley",
  [CODES.missingPermissions]:
    "Parley's role lacks a permission there: Server Settings → Roles, or the channel's own settings → Permissions",
  [CODES.archived]: "The thread is archived, and Parley may not open it again",
  [CODES.locked]: "The thread is locked: a moderator can unlock it",
  [CODES.tooManyThreads]:
    "The server has as many active threads as Discord allows: archive some of them",
};

/** Nothing else can be posted there either. */
const ABOUT_PLACE: ReadonlySet<unknown> = new Set([
  CODES.missingAccess,
  CODES.cannotMessageUser,
  CODES.missingPermissions,
  CODES.archived,
  CODES.locked,
]);

const GONE: ReadonlySet<unknown> = new Set([CODES.unknownChannel, CODES.unknownMessage]);

/** Discord's error code of a failed call; undefined: it failed in another way. */
export function codeOf(error: unknown): number | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (link instanceof DiscordAPIError && typeof link.code === "number") return link.code;
  }
  return undefined;
}

/** Whether Discord refused the bot's token, so no call can succeed. */
export const isUnauthorized = (error: unknown): boolean =>
  (error instanceof DiscordAPIError && error.status === 401) ||
  // discord.js forgets the token after a 401.
  (error instanceof Error && error.message.startsWith("Expected token to be set"));

/** The failure of a call. `what` names the call: "posting a message". */
export function toPlatformError(error: unknown, what: string): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof RateLimitError) {
    const message = `Discord limits ${what} for ${Math.ceil(error.retryAfter / 1000)} s.`;
    return new PlatformError("rate_limited", message, {
      cause: error,
      retryAfterMs: error.retryAfter,
    });
  }
  if (error instanceof DiscordAPIError) return refusal(error, what);
  const why = error instanceof HTTPError ? `status ${error.status}` : reasonOf(error);
  return new PlatformError("unknown", `Discord did not answer ${what} (${why}).`, { cause: error });
}

function refusal(error: DiscordAPIError, what: string): PlatformError {
  const code = Number(error.code);
  const words = WORDS[code] ?? `Discord refused ${what}`;
  const isGone = GONE.has(code) || (error.status === 404 && !(code in WORDS));
  // discord.js puts each field's error on its own line.
  const details = linesOf(error.message).join("; ").slice(0, 400);
  return new PlatformError(isGone ? "gone" : "rejected", `${words} (${code}: ${details}).`, {
    cause: error,
    about: ABOUT_PLACE.has(code) ? "place" : "message",
  });
}

const linesOf = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The innermost cause: "ECONNREFUSED" says more than "fetch failed". */
function reasonOf(error: unknown): string {
  let reason = String(error);
  for (let link = error; link instanceof Error; link = link.cause) {
    reason = "code" in link && typeof link.code === "string" ? link.code : link.message;
  }
  return reason;
}

const BOT = "https://discord.com/developers/applications → your app → Bot";

const TOKEN = `Discord does not accept DISCORD_TOKEN: press Reset Token under ${BOT}, and set the new one.`;
const INTENTS = `Discord does not let this bot read messages: switch on “Message Content Intent” under ${BOT} → Privileged Gateway Intents, and start Parley again; or set DISCORD_MESSAGE_CONTENT=off to answer only mentions, direct messages and commands.`;
const SHARDS =
  "Discord does not accept these shards: DISCORD_SHARD_COUNT must be the same in every process, and large enough for the bot's number of servers.";

const CLOSES: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: TOKEN,
  [GatewayCloseCodes.InvalidShard]: SHARDS,
  [GatewayCloseCodes.ShardingRequired]: `${SHARDS} With DISCORD_SHARDS=auto, Parley divides the shards itself.`,
  [GatewayCloseCodes.InvalidAPIVersion]:
    "Discord does not know the gateway's version: unset DISCORD_API_VERSION.",
  [GatewayCloseCodes.InvalidIntents]:
    "Discord does not know an intent that Parley asks for: unset DISCORD_API_VERSION, or update Parley.",
  [GatewayCloseCodes.DisallowedIntents]: INTENTS,
};

/** Says what to do about a close code after which Discord allows no reconnection. */
export const explainClose = (code: number): Error =>
  new SettingsError(CLOSES[code] ?? `Discord closed the connection permanently (code ${code}).`);

/** Discord refused the bot's token in a call. */
export const tokenRefused = (): Error => new SettingsError(TOKEN);

/** Says what to do about a connection that failed. */
export function explainStart(error: unknown): Error {
  if (error instanceof SettingsError) return error;
  if (error instanceof Error && isUnauthorized(error.cause)) return tokenRefused();
  const text = error instanceof Error ? error.message : String(error);
  if (/disallowed intents/i.test(text)) return new SettingsError(INTENTS, { cause: error });
  if (/invalid token|token was provided|token invalid/i.test(text))
    return new SettingsError(TOKEN, { cause: error });
  if (/invalid shard|sharding (?:is )?required/i.test(text))
    return new SettingsError(SHARDS, { cause: error });
  return new SettingsError(
    `Discord cannot be reached: ${text}. Is DISCORD_API_URL right, and can this machine connect to it?`,
    { cause: error },
  );
}
