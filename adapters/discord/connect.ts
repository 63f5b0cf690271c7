import type { Clock } from "../../src/clock.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import type { Intake } from "../../src/platform.ts";
import type { DiscordSettings } from "./env.ts";
import { type AllowsGuild, onlyAllowed, onlyServed } from "./guilds/membership.ts";
import { createGuilds, type Guilds, createIdentity } from "./guilds/guilds.ts";
import { backFill } from "./backfill/backfill.ts";
import {
  createDeletionTaker,
  createEditTaker,
  createThreadDeletionTaker,
} from "./intake/changes.ts";
import { createHeard, type Seen } from "./backfill/checkpoints.ts";
import { createMessageTaker } from "./intake/messages.ts";
import { createReactionTaker } from "./intake/reactions.ts";
import type { InteractionPorts } from "./interactions/context.ts";
import { createInteractionTaker } from "./interactions/take-interaction.ts";
import { createReaders, type Readers } from "./parse/read-message.ts";
import { createStandings } from "./guilds/people.ts";
import { createChannelLearner, createChannels } from "./threads/channels.ts";
import { createThreads } from "./threads/open-thread.ts";
import type { EventTakers } from "./gateway/listen.ts";
import type { Api } from "./api/api.ts";
import type { Client } from "discord.js";
import { createKeyedQueue } from "../../src/adapter-kit/queue/keyed-queue.ts";

/** What every part of the adapter shares. */
export interface Surface {
  readonly guilds: Guilds;
  readonly identity: () => Promise<string>;
  readonly readers: Readers;
}

export function createSurface(
  clients: () => readonly Client[],
  api: Api,
  allows: AllowsGuild,
): Surface {
  const guilds = onlyServed(createGuilds(clients), allows);
  const identity = createIdentity(guilds, api);
  return { guilds, identity, readers: createReaders({ api, guilds, identity }) };
}

export interface ConnectOptions {
  readonly settings: DiscordSettings;
  readonly surface: Surface;
  readonly allows: AllowsGuild;
  readonly api: Api;
  /** Rejects on Discord's limits: whoever can wait decides for how long. */
  readonly reading: Api;
  /** Goes ahead of it: for what people wait for. */
  readonly finals: Api;
  readonly commands: CommandPorts;
  readonly seen: Seen;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly onProblem: (problem: unknown) => void;
}

/** What becomes of Discord's events. */
export interface Inbound {
  readonly takers: EventTakers;
  /** A shard begins a new session. */
  begins(shard: number): void;
  /** Catches up on what a shard was not told. */
  catchUp(shard: number): Promise<void>;
}

export function createInbound(options: ConnectOptions, intake: Intake): Inbound {
  const { settings, surface, api, reading, commands, seen, wallClock } = options;
  const channels = createChannels(surface.guilds, api);
  const ports: InteractionPorts = {
    ...surface,
    intake,
    api,
    commands,
    channels,
    threads: createThreads(channels, options.finals),
    standingOf: createStandings(surface.guilds, settings.admins),
    queue: createKeyedQueue(),
    clock: options.clock,
    listening: commands.listening,
    freshMs: settings.freshMs,
    wallClock,
    onProblem: options.onProblem,
  };
  const heard = createHeard();
  const deleted = createDeletionTaker(ports);
  const takers: EventTakers = {
    MESSAGE_CREATE: createMessageTaker({ ...ports, seen, heard }),
    MESSAGE_UPDATE: createEditTaker(ports),
    MESSAGE_DELETE: deleted,
    MESSAGE_DELETE_BULK: deleted,
    THREAD_CREATE: createChannelLearner(channels),
    THREAD_UPDATE: createChannelLearner(channels),
    THREAD_DELETE: createThreadDeletionTaker(ports),
    MESSAGE_REACTION_ADD: createReactionTaker(ports),
    INTERACTION_CREATE: createInteractionTaker(ports),
  };
  return {
    takers: onlyAllowed(takers, options.allows, options.finals),
    begins: (shard) => heard.begins(shard),
    catchUp: (shard) => backFill({ ...ports, commands, reading, seen, heard }, shard),
  };
}
