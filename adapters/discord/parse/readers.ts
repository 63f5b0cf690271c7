import type { Api } from "../api/api.ts";
import { attachedFile } from "../files/attached-file.ts";
import type { Guilds } from "../guilds.ts";
import type { MessageReader } from "./read-message.ts";

export interface ReaderPorts {
  readonly api: Api;
  readonly guilds: Pick<Guilds, "channel" | "roleName" | "ownRole">;
  readonly identity: () => Promise<string>;
}

/** Reads the messages of a server, or direct ones. */
export type Readers = (guild: string | undefined) => Promise<MessageReader>;

export const createReaders =
  ({ api, guilds, identity }: ReaderPorts): Readers =>
  async (guild) => ({
    self: await identity(),
    ownRole: guild === undefined ? undefined : guilds.ownRole(guild),
    channelName: (id) => guilds.channel(id)?.name ?? undefined,
    roleName: (id) => (guild === undefined ? undefined : guilds.roleName(guild, id)),
    file: (attachment, message) => attachedFile(api, attachment, message),
  });
