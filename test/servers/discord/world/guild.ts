export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
  readonly position: number;
  /** Anybody may mention it. */
  readonly mentionable: boolean;
  /** The bot whose role this is. */
  readonly botId: string | null;
}

export interface Member {
  readonly userId: string;
  nick: string | null;
  roles: string[];
  readonly joinedAt: number;
  /** Milliseconds since the epoch. */
  timedOutUntil: number | null;
}

/** Permissions given or taken in one channel, to a role or a member. */
export interface Overwrite {
  readonly id: string;
  readonly type: "role" | "member";
  allow: bigint;
  deny: bigint;
}

/** Which optional fields its GUILD_CREATE carries: the documented ones, hardly any, or some that no type declares. */
export type GuildShape = "full" | "lean" | "odd";

export interface Guild {
  readonly id: string;
  readonly name: string;
  ownerId: string;
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
  readonly shape: GuildShape;
  /** False during an outage. */
  available: boolean;
}
