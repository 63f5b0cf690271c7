export interface User {
  readonly id: string;
  username: string;
  /** The name that people see; bots have none. */
  globalName: string | null;
  readonly bot: boolean;
  /** Takes no direct messages from bots. */
  closedToDirectMessages: boolean;
}

/** The application under test; as with the older ones, its bot is a user with another id. */
export interface Application {
  readonly id: string;
  readonly user: User;
  token: string;
  /** Privileged intents that are switched on in the developer portal. */
  readonly privileged: Privileged;
}

export interface Privileged {
  messageContent: boolean;
  guildMembers: boolean;
  presences: boolean;
}
