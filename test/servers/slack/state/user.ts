import { present, type Fields } from "./fields.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly realName: string;
  /** Another than the workspace's: an external person (Slack Connect). */
  readonly team: string;
  readonly isAdmin: boolean;
  readonly isOwner: boolean;
  /** Invited to some channels only. */
  readonly isGuest: boolean;
  /** Set on bots. */
  readonly botId: string | undefined;
}

export type UserOptions = Partial<Omit<User, "id">>;

export const createUser = (id: string, team: string, options: UserOptions = {}): User => {
  const name = options.name ?? id.toLowerCase();
  return {
    id,
    name,
    displayName: options.displayName ?? name,
    realName: options.realName ?? name,
    team,
    isAdmin: false,
    isOwner: false,
    isGuest: false,
    botId: undefined,
    ...options,
  };
};

/** As `users.info` shows it; an external person's profile is short. */
export function wireUser(user: User, workspace: string): Fields {
  const isExternal = user.team !== workspace;
  const profile = { display_name: user.displayName, real_name: user.realName, team: user.team };
  if (isExternal) {
    return {
      id: user.id,
      team_id: user.team,
      name: user.name,
      real_name: user.realName,
      deleted: false,
      is_bot: user.botId !== undefined,
      is_stranger: true,
      profile,
    };
  }
  return present({
    id: user.id,
    team_id: user.team,
    name: user.name,
    deleted: false,
    real_name: user.realName,
    tz: "Europe/Berlin",
    tz_offset: 3600,
    profile: { ...profile, bot_id: user.botId, image_48: "https://avatars.invalid/48.png" },
    is_admin: user.isAdmin,
    is_owner: user.isOwner,
    is_primary_owner: false,
    is_restricted: user.isGuest,
    is_ultra_restricted: false,
    is_bot: user.botId !== undefined,
    is_app_user: false,
    updated: 1767224888,
  });
}
