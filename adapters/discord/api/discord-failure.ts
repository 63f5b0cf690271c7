import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { PlatformError } from "../../../src/platform.ts";

/** Discord's codes for what this adapter has an answer to. */
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
  [CODES.oldEdits]: "The message is older than an hour, and Discord takes no more edits of it",
  [CODES.missingAccess]:
    "Parley cannot see the channel: let its role have View Channel and Read Message History there",
  [CODES.cannotMessageUser]: "The person takes no direct messages from Parley",
  [CODES.missingPermissions]:
    "Parley's role lacks a permission there: Server Settings → Roles, or the channel's own settings → Permissions",
  [CODES.archived]: "The thread is archived, and Parley may not open it again",
  [CODES.locked]: "The thread is locked: a moderator can unlock it",
  [CODES.tooManyThreads]:
    "The server has as many active threads as Discord allows: archive some of them",
};

const GONE: ReadonlySet<unknown> = new Set([CODES.unknownChannel, CODES.unknownMessage]);

/** Discord's own code of a failed call; undefined if it failed in another way. */
export function codeOf(error: unknown): number | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (link instanceof DiscordAPIError && typeof link.code === "number") return link.code;
  }
  return undefined;
}

/** Whether the token itself was refused, so that nothing will ever succeed again. */
export const isUnauthorized = (error: unknown): boolean =>
  (error instanceof DiscordAPIError && error.status === 401) ||
  // After a 401 the library forgets the token.
  (error instanceof Error && error.message.startsWith("Expected token to be set"));

/** What a failed call means for what was to be done. `what` names the call: "posting a message". */
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
  // The library puts each field's complaint on a line of its own.
  const details = error.message.replaceAll(/\s*\n\s*/g, "; ").slice(0, 400);
  return new PlatformError(isGone ? "gone" : "rejected", `${words} (${code}: ${details}).`, {
    cause: error,
  });
}

/** The innermost reason: "ECONNREFUSED" says more than "fetch failed". */
function reasonOf(error: unknown): string {
  let reason = String(error);
  for (let link = error; link instanceof Error; link = link.cause) {
    reason = "code" in link && typeof link.code === "string" ? link.code : link.message;
  }
  return reason;
}
