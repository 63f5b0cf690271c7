import { GatewayCloseCodes } from "discord.js";
import { SettingsError } from "../../src/settings.ts";
import { isUnauthorized } from "./api/discord-failure.ts";

const BOT = "https://discord.com/developers/applications → your app → Bot";

const TOKEN = `Discord does not accept DISCORD_TOKEN: press Reset Token under ${BOT}, and set the new one.`;
const INTENTS = `Discord does not let this bot read messages: switch on “Message Content Intent” under ${BOT} → Privileged Gateway Intents, and start Parley again; or set DISCORD_MESSAGE_CONTENT=off to do with mentions, direct messages and commands.`;
const SHARDS =
  "Discord does not accept these shards: DISCORD_SHARDS and DISCORD_SHARD_COUNT must be the same cut in every process; the bot is in too many servers for fewer.";

const CLOSES: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: TOKEN,
  [GatewayCloseCodes.InvalidShard]: SHARDS,
  [GatewayCloseCodes.ShardingRequired]: `${SHARDS} DISCORD_SHARDS=auto does it in one process.`,
  [GatewayCloseCodes.InvalidAPIVersion]:
    "Discord does not know the gateway's version: unset DISCORD_API_VERSION.",
  [GatewayCloseCodes.InvalidIntents]:
    "Discord does not know an intent that Parley asks for: unset DISCORD_API_VERSION, or update Parley.",
  [GatewayCloseCodes.DisallowedIntents]: INTENTS,
};

/** What to do about a close after which Discord takes no reconnection. */
export const fatalClose = (code: number): Error =>
  new SettingsError(CLOSES[code] ?? `Discord closed the connection for good (code ${code}).`);

/** The bot's token was refused by a call. */
export const tokenRefused = (): Error => new SettingsError(TOKEN);

/** What to do about a connection that could not be made. */
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
