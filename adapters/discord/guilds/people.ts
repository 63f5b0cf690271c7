import { PermissionFlagsBits } from "discord.js";
import type { Level, Person, Rights } from "../../../src/platform.ts";
import type { User } from "../wire/message.ts";
import type { Guilds } from "./guilds.ts";

/** The name that people see. Nicknames are ignored: they differ between servers, and a thread's history does not contain them. */
export const displayName = ({ global_name: shown, username, id }: User): string =>
  shown || username || id;

export const personOf = (user: User): Person => ({
  id: user.id,
  name: displayName(user),
  kind: user.bot ? "bot" : "person",
});

export interface Member {
  readonly id: string;
  /** undefined: in direct messages. */
  readonly guild: string | undefined;
  readonly roles: readonly string[];
  /** From the interaction; undefined: computed from the roles. */
  readonly permissions?: bigint | undefined;
}

export type RightsOf = (member: Member) => Rights;

/** Admins are the configured users and roles, and everyone who may manage the server. Operators are those who may manage channels. */
export const createRightsOf =
  (guilds: Pick<Guilds, "permissionsOf">, admins: readonly string[]): RightsOf =>
  ({ id, guild, roles, permissions }) => {
    if ([id, ...roles].some((one) => admins.includes(one)))
      return { level: "admin", groups: roles };
    // People control their own direct messages, but not the settings of all direct messages.
    if (guild === undefined) return { level: "operator", groups: [] };
    return {
      level: levelOf(permissions ?? guilds.permissionsOf(guild, id, roles)),
      groups: roles,
    };
  };

function levelOf(permissions: bigint): Level {
  const has = (bit: bigint) => (permissions & bit) !== 0n;
  if (has(PermissionFlagsBits.Administrator) || has(PermissionFlagsBits.ManageGuild))
    return "admin";
  return has(PermissionFlagsBits.ManageChannels) ? "operator" : "everyone";
}
