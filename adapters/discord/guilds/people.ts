import type { Rights } from "../../../src/platform.ts";
import { levelOf, type Guilds } from "./guilds.ts";
import type { User } from "../wire/message.ts";

export interface Who {
  readonly id: string;
  /** undefined: in direct messages. */
  readonly guild: string | undefined;
  readonly roles: readonly string[];
  /** As the interaction has them; undefined: worked out from the roles. */
  readonly permissions?: bigint | undefined;
}

/** Configured users and roles, and everybody who may manage the server, are admins; who may manage channels is an operator. */
export const createStandings =
  (guilds: Pick<Guilds, "permissionsOf">, admins: readonly string[]) =>
  ({ id, guild, roles, permissions }: Who): Rights => {
    if ([id, ...roles].some((one) => admins.includes(one)))
      return { level: "admin", groups: roles };
    // Somebody's direct messages are theirs; what holds for all of them is not.
    if (guild === undefined) return { level: "operator", groups: [] };
    return {
      level: levelOf(permissions ?? guilds.permissionsOf(guild, id, roles)),
      groups: roles,
    };
  };

/** The name that people see, but for nicknames: those differ from server to server, and history does not tell them. */
export const displayName = ({ global_name: shown, username, id }: User): string =>
  shown || username || id;
