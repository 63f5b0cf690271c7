import type { User } from "../wire/message.ts";

/** The name that people see, but for nicknames: those differ from server to server, and history does not tell them. */
export const displayName = ({ global_name: shown, username, id }: User): string =>
  shown || username || id;
