import type { Clock } from "../../../src/clock.ts";
import type { LimitOptions } from "./rest/limits.ts";
import { type Gaps, NO_GAPS } from "./gaps.ts";
import { bitsOf, type PermissionName } from "./world/permissions.ts";
import type { GuildShape } from "./world/guild.ts";
import type { Privileged } from "./world/user.ts";

/** What a test may want otherwise. */
export interface DiscordOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Times as fast as the clock: 3 s become 3 s / scale, in headers too. */
  readonly scale?: number;
  readonly botName?: string;
  /** Permissions that the bot was invited with; each guild gives them to its role. */
  readonly invite?: readonly PermissionName[];
  /** Privileged intents that are switched on in the portal. Default: contents only. */
  readonly privileged?: Partial<Privileged>;
  /** What `/gateway/bot` recommends. */
  readonly shards?: number;
  readonly maxConcurrency?: number;
  /** `off`: nothing is limited. */
  readonly limits?: LimitOptions | "off";
  readonly maxActiveThreads?: number;
  /** How long an interaction waits for its first answer, ms. Default: 3 s, as Discord. */
  readonly acknowledgeMs?: number;
  /** Which optional fields the guilds' GUILD_CREATE carry; default: each in turn. */
  readonly shape?: GuildShape;
  /** What it does without; default: nothing. */
  readonly gaps?: Partial<Gaps>;
  /** False: requests and answers are not held against Discord's own description. */
  readonly isChecked?: boolean;
}

const INVITE: readonly PermissionName[] = [
  "ADD_REACTIONS",
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "EMBED_LINKS",
  "ATTACH_FILES",
  "READ_MESSAGE_HISTORY",
  "CREATE_PUBLIC_THREADS",
  "SEND_MESSAGES_IN_THREADS",
  "MANAGE_THREADS",
];

const UNLIMITED: LimitOptions = {
  buckets: {
    "POST /channels/:id/messages": { limit: 1e6, perMs: 1_000 },
    "PATCH /channels/:id/messages/:id": { limit: 1e6, perMs: 1_000 },
    "DELETE /channels/:id/messages/:id": { limit: 1e6, perMs: 1_000 },
    "GET /channels/:id/messages": { limit: 1e6, perMs: 1_000 },
    "POST /channels/:id/typing": { limit: 1e6, perMs: 1_000 },
    "PATCH /channels/:id": { limit: 1e6, perMs: 1_000 },
    "POST /channels/:id/messages/:id/threads": { limit: 1e6, perMs: 1_000 },
    "PUT /channels/:id/messages/:id/reactions/:emoji/@me": { limit: 1e6, perMs: 1_000 },
    "DELETE /channels/:id/messages/:id/reactions/:emoji/@me": { limit: 1e6, perMs: 1_000 },
  },
  globalPerSecond: 1e6,
};

const DEFAULTS = {
  botName: "Parley",
  invite: INVITE,
  shards: 1,
  maxConcurrency: 1,
  maxActiveThreads: 1_000,
  acknowledgeMs: 3_000,
  limits: {},
  shape: undefined,
  isChecked: true,
  gaps: {},
};

export function withDefaults(options: DiscordOptions) {
  const { clock, scale, ...given } = { ...DEFAULTS, ...options };
  return {
    ...given,
    time: { ...(clock && { clock }), ...(scale !== undefined && { scale }) },
    gaps: { ...NO_GAPS, ...given.gaps },
    invite: bitsOf(given.invite),
    privileged: {
      messageContent: true,
      guildMembers: false,
      presences: false,
      ...given.privileged,
    },
    limits: given.limits === "off" ? UNLIMITED : given.limits,
  };
}
