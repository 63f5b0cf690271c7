import type { Clock } from "../../src/clock.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import type { Intake } from "../../src/platform.ts";
import type { Api } from "./api/api.ts";
import { backfill, type BackfillPorts } from "./backfill/backfill.ts";
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
import { createChannelQueue } from "./intake/channel-queue.ts";
import { createFindDestination } from "./intake/destination.ts";
import { createToIncoming } from "./intake/incoming.ts";
import { createHandleMessage, createMessageHandler } from "./intake/messages.ts";
import { createProxies } from "./intake/proxies.ts";
import { createReplace } from "./intake/replace.ts";
import { createReactionHandler } from "./intake/reactions.ts";
import { createInteractionHandler } from "./interactions/take-interaction.ts";
import type { Readers } from "./parse/read-message.ts";
import { createChannelHandler, createChannels } from "./threads/channels.ts";
import type { Starters } from "./threads/starters.ts";
import { createThreads } from "./threads/open-thread.ts";
import { createPlaceOfMessage } from "./threads/place-of-message.ts";

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
  readonly starters: Starters;
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
  const { settings, isAllowed, finals, commands } = options;
  const shared = createShared(options, intake);
  const { lastMessageIds } = shared;
  const handlers = createHandlers(options, intake, shared);
  const { turns } = commands;
  const missed: BackfillPorts = { ...options, ...shared, turns, freshMs: settings.freshMs };
  return {
    handlers: forAllowedGuilds(handlers, isAllowed, finals),
    sessionStarted: (shard) => lastMessageIds.startSession(shard),
    backfill: (shard) => backfill(missed, shard),
  };
}

/** What the handlers of several events work with. */
function createShared(options: EventHandlerOptions, intake: Intake) {
  const { settings, guilds, api, finals, commands, readers, starters, clock, onProblem } = options;
  const channels = createChannels(guilds, api);
  const threads = createThreads(channels, finals);
  const rightsOf = createRightsOf(guilds, settings.admins);
  const toIncoming = createToIncoming(rightsOf);
  const proxies = createProxies();
  const handle = createHandleMessage({
    intake,
    channels,
    readers,
    listening: commands.listening,
    findDestination: createFindDestination({ api, guilds, threads, onProblem }),
    toIncoming,
    proxies,
  });
  return {
    proxies,
    replace: createReplace({ intake, readers, toIncoming, handle, proxies, starters }),
    channels,
    threads,
    rightsOf,
    toIncoming,
    queue: createChannelQueue(clock),
    placeOf: createPlaceOfMessage(channels, threads, guilds),
    lastMessageIds: createLastMessageIds(),
    handle,
  };
}

function createHandlers(
  options: EventHandlerOptions,
  intake: Intake,
  shared: ReturnType<typeof createShared>,
): EventHandlers {
  const { guilds, api, commands, readers, ownId, clock, checkpoints, onProblem, wallClock } =
    options;
  const { channels, threads, rightsOf, toIncoming, queue, placeOf } = shared;
  const onCreated = { ...shared, api, ownId, checkpoints };
  const { freshMs } = options.settings;
  const onEdited = { ...shared, intake, api, readers, ownId, freshMs, wallClock };
  const onDeleted = createDeletionHandler({ ...shared, intake });
  const onChannel = createChannelHandler(channels);
  const asking = { intake, api, commands, queue, threads, readers, toIncoming };
  const reading = { guilds, channels, rightsOf, onProblem };
  return {
    MESSAGE_CREATE: createMessageHandler(onCreated),
    MESSAGE_UPDATE: createEditHandler(onEdited),
    MESSAGE_DELETE: onDeleted,
    MESSAGE_DELETE_BULK: onDeleted,
    THREAD_CREATE: onChannel,
    THREAD_UPDATE: onChannel,
    THREAD_DELETE: createThreadDeletionHandler(intake, ownId),
    MESSAGE_REACTION_ADD: createReactionHandler({ intake, api, ownId, placeOf, rightsOf, clock }),
    INTERACTION_CREATE: createInteractionHandler({ ...asking, ...reading, intake }),
  };
}
