import { Routes } from "discord.js";
import { PlatformError } from "../../src/platform.ts";
import type { ConversationId } from "../../src/ids.ts";
import { type Api, NO_ANSWER } from "./api/api.ts";
import { codeOf, CODES, isUnauthorized } from "./api/discord-failure.ts";
import type { Guilds } from "./guilds.ts";
import { placeOf } from "./place.ts";

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
