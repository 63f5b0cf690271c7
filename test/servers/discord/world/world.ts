import type { Channel } from "./channel.ts";
import type { Guild } from "./guild.ts";
import type { Interaction } from "./interaction.ts";
import type { StoredFile } from "./message.ts";
import type { Snowflakes } from "./snowflakes.ts";
import type { Time } from "./time.ts";
import type { Application, User } from "./user.ts";
import type { Json } from "../wire/json.ts";

/** A registered application command; `definition` is as Discord returns it. */
export interface Command {
  readonly id: string;
  readonly guildId: string | null;
  readonly name: string;
  readonly type: number;
  readonly definition: Json;
}

export interface Webhook {
  readonly id: string;
  readonly token: string;
  readonly name: string;
  readonly channelId: string;
}

/** Something the gateway may have to tell its sessions. */
export interface Dispatch {
  readonly name: string;
  /** The intent that brings it; null: everybody gets it. */
  readonly intent: number | null;
  /** Decides the shard; null: direct messages. */
  readonly guildId: string | null;
  /** Only those who may see this channel get it. */
  readonly channel?: Channel;
  /** As a session with these intents gets it; asked at once. */
  readonly data: (intents: number) => Json;
}

/** Everything there is, as plain data; what happens to it stands beside its noun. */
export interface World {
  readonly time: Time;
  readonly ids: Snowflakes;
  readonly application: Application;
  readonly users: Map<string, User>;
  readonly guilds: Map<string, Guild>;
  readonly channels: Map<string, Channel>;
  /** Ids of the threads that hang on messages, by the message's. */
  readonly hanging: Map<string, string>;
  readonly hasOwnThreadIds: boolean;
  /** By id. */
  readonly interactions: Map<string, Interaction>;
  readonly commands: Map<string, Command>;
  readonly webhooks: Map<string, Webhook>;
  /** Files given to commands, by id; no message holds them. */
  readonly uploads: Map<string, StoredFile>;
  /** People seen typing: user and channel. */
  readonly typing: { readonly userId: string; readonly channelId: string; readonly at: number }[];
  /** What a real server would have held against the client. */
  readonly violations: string[];
  /** Where attachments are fetched: http://127.0.0.1:PORT. */
  origin: string;
  dispatch: (event: Dispatch) => void;
  /** Active threads that one guild may have. */
  readonly maxActiveThreads: number;
  /** How long an interaction waits for its first answer, ms. */
  readonly acknowledgeMs: number;
}
