import type { Clock } from "../../src/clock.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import type { Intake } from "../../src/platform.ts";
import { createKeyedQueue } from "../../src/adapter-kit/queue/keyed-queue.ts";
import type { Api } from "./api/api.ts";
import { backfill } from "./backfill/backfill.ts";
import { createLastMessageIds, type ShardCheckpoints } from "./backfill/checkpoints.ts";
import type { DiscordSettings } from "./env.ts";
import type { EventHandlers } from "./gateway/listen.ts";
import type { Guilds } from "./guilds/guilds.ts";
import { forAllowedGuilds, type IsAllowedGuild } from "./guilds/membership.ts";
import { createRightsOf } from "./guilds/people.ts";
import {
  createDeletionHandler,
  createEditHandler,
  createThreadDeletionHandler,
} from "./intake/changes.ts";
import { createMessageHandler } from "./intake/messages.ts";
import { createReactionHandler } from "./intake/reactions.ts";
import type { InteractionDeps } from "./interactions/context.ts";
import { createInteractionHandler } from "./interactions/take-interaction.ts";
import type { Readers } from "./parse/read-message.ts";
import { createChannelHandler, createChannels } from "./threads/channels.ts";
import { createThreads } from "./threads/open-thread.ts";

export interface EventHandlerOptions {
  readonly settings: Pick<DiscordSettings, "admins" | "freshMs">;
  readonly guilds: Guilds;
  readonly ownId: () => Promise<string>;
  readonly readers: Readers;
  readonly isAllowed: IsAllowedGuild;
  readonly api: Api;
  /** Rejects on rate limits, so the caller decides how long to wait. */
  readonly reading: Api;
  /** Has priority: for calls that people wait for. */
  readonly finals: Api;
  readonly commands: CommandPorts;
  readonly checkpoints: ShardCheckpoints;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly onProblem: (problem: unknown) => void;
}

/** What happens with Discord's events. */
export interface Inbound {
  readonly handlers: EventHandlers;
  /** A shard starts a new session. */
  sessionStarted(shard: number): void;
  /** Handles the messages that a shard missed. */
  backfill(shard: number): Promise<void>;
}

export function createInbound(options: EventHandlerOptions, intake: Intake): Inbound {
  const { settings, guilds, api, commands } = options;
  const channels = createChannels(guilds, api);
  const deps: InteractionDeps = {
    ...options,
    intake,
    channels,
    threads: createThreads(channels, options.finals),
    rightsOf: createRightsOf(guilds, settings.admins),
    queue: createKeyedQueue(),
    listening: commands.listening,
    freshMs: settings.freshMs,
  };
  const lastMessageIds = createLastMessageIds();
  const onDeleted = createDeletionHandler(deps);
  const onChannel = createChannelHandler(channels);
  const handlers: EventHandlers = {
    MESSAGE_CREATE: createMessageHandler({ ...deps, ...options, lastMessageIds }),
    MESSAGE_UPDATE: createEditHandler(deps),
    MESSAGE_DELETE: onDeleted,
    MESSAGE_DELETE_BULK: onDeleted,
    THREAD_CREATE: onChannel,
    THREAD_UPDATE: onChannel,
    THREAD_DELETE: createThreadDeletionHandler(deps),
    MESSAGE_REACTION_ADD: createReactionHandler(deps),
    INTERACTION_CREATE: createInteractionHandler(deps),
  };
  return {
    handlers: forAllowedGuilds(handlers, options.isAllowed, options.finals),
    sessionStarted: (shard) => lastMessageIds.startSession(shard),
    backfill: (shard) => backfill({ ...deps, ...options, lastMessageIds }, shard),
  };
}
