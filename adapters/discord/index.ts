import { type Client, type REST, RESTEvents, Routes, Status } from "discord.js";
import { z } from "zod";
import { createDrain, type Drain } from "../../src/adapter-kit/queue/drain.ts";
import type { AdapterState, TakeLock } from "../../src/adapter-storage.ts";
import { createUntilInstalled } from "../../src/adapter-kit/until-installed.ts";
import {
  createUsageLeases,
  type UsageLeases,
} from "../../src/adapter-kit/rate-limit/usage-leases.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import type { Intake, Platform } from "../../src/platform.ts";
import {
  type Api,
  createApi,
  createProgressRest,
  createReadingRest,
  createWaitingRest,
} from "./api/api.ts";
import { createQueuedLimiter } from "../../src/adapter-kit/rate-limit/queued-limiter.ts";
import { createInbound, createSurface, type Inbound } from "./connect.ts";
import {
  createAllowsGuild,
  listenToGuilds,
  inviteLink,
  createIsRemoved,
} from "./guilds/membership.ts";
import { type BotSettings, type DiscordSettings, readDiscordSettings } from "./env.ts";
import { tokenRefused } from "./api/errors.ts";
import { listenToGateway } from "./gateway/listen.ts";
import type { Guilds } from "./guilds/guilds.ts";
import { createSeen, type Seen } from "./backfill/checkpoints.ts";
import { createPosts } from "./post/posts.ts";
import { createTyping } from "./post/typing.ts";
import { commandDefinitions } from "./registration/definitions.ts";
import { registerCommands } from "./registration/register.ts";
import { FOOTER_ROOM } from "./render/render-final.ts";
import { createConnections, createIdentifyGate, type IdentifyGate } from "./gateway/connections.ts";
import { createShards, type Shards } from "./gateway/shards.ts";
import { createHistory } from "./threads/history.ts";

export interface DiscordOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly state: AdapterState;
  /** Locks that the processes of one bot share. */
  readonly take: TakeLock;
  readonly commands: CommandPorts;
  /** How many processes share the bot; 1, if absent. */
  readonly processes?: number;
  /** Ends the process in good order; called with 1, after the problem was reported, when Discord will tell and take nothing any more. */
  readonly exit: (code: number) => void;
  /** Something went wrong. */
  readonly onProblem: (problem: unknown) => void;
  readonly clock?: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock?: () => number;
}

const CAPABILITIES = {
  maxTextLength: 1_900,
  footerRoom: FOOTER_ROOM,
  maxParts: 4,
  minEditIntervalMs: 1_500,
};
/** What is being taken on when the process leaves has this long. */
const LEAVE_MS = 5_000;

/** Discord, over its gateway. Connects with `start`. Rejects with a `SettingsError`. */
export async function createDiscord(options: DiscordOptions): Promise<{ platform: Platform }> {
  const settings = { ...readDiscordSettings(options.env), processes: options.processes ?? 1 };
  return { platform: createPlatform(options, settings) };
}

function createPlatform(options: DiscordOptions, settings: BotSettings): Platform {
  const { onProblem } = options;
  const state = { started: false, stopped: false };
  const onFatal = (problem: Error) => {
    // Before that, `start` itself rejects.
    if (!state.started || state.stopped) return;
    onProblem(problem);
    options.exit(1);
  };
  const parts = createParts(options, settings, onFatal);
  const { shared, surface, connections, shards, drain, typing, register } = parts;
  const { api, clock } = shared;

  return {
    name: "discord",
    capabilities: CAPABILITIES,
    freshMs: settings.freshMs,
    ...createUntilInstalled(createPosts({ ...shared, typing, self: surface.identity }), {
      clock,
      isRemoved: createIsRemoved(surface.guilds, api),
    }),
    async start(intake: Intake) {
      const inbound = createInbound(shared, intake);
      const hearing = { inbound, drain, clock, onProblem, onFatal };
      // Discord forgets the commands of a server that removes Parley.
      const onAdded = (guild: string) => void (guild === settings.guild && register());
      await shards.start((client) => {
        hearEvents({ client, ...hearing });
        listenToGuilds(client, { ...shared, ...surface, onAdded });
      });
      state.started = true;
    },
    async stop() {
      if (state.stopped) return;
      state.stopped = true;
      await leave({ ...parts, ...shared });
      typing.stopAll();
    },
    isMany: () => surface.guilds.isMany(),
    isConnected: () => state.started && !state.stopped && areConnected(connections.clients()),
    history: createHistory(surface.readers, api),
  };
}

/** What the platform is made of; nothing is called before `start`. */
function createParts(
  options: DiscordOptions,
  settings: BotSettings,
  onFatal: (problem: Error) => void,
) {
  const { clock = systemClock, wallClock = Date.now, onProblem } = options;
  const onUnauthorized = () => onFatal(tokenRefused());
  const { processes } = settings;
  const leases = createUsageLeases({ ...options, clock, wallClock, processes });
  const apis = createApis(settings, { clock, leases, onUnauthorized, onProblem });
  const { usual: api } = apis;
  const gate = createIdentifyGate(options.take, clock);
  const connections = createConnections(settings, gate);
  const allows = createAllowsGuild(settings.allowedGuilds);
  const surface = createSurface(() => connections.clients(), api, allows);
  const seen = createSeen({ state: options.state, clock, onProblem });
  const own = { settings, allows, surface, api, seen, clock, wallClock };
  const shared = { ...options, ...apis, ...own };
  const register = () => registerAll({ ...shared, guilds: surface.guilds }).catch(onProblem);
  const onTaking = (shard: number, count: number) => seen.load(shard, count);
  return {
    gate,
    connections,
    surface,
    shared,
    register,
    drain: createDrain(clock),
    typing: createTyping({ api: apis.progress, clock }),
    shards: createShards({ ...shared, connections, onTaking, onFirst: register }),
  };
}

interface ApiPorts extends Pick<DiscordOptions, "onProblem"> {
  readonly clock: Clock;
  readonly leases: UsageLeases;
  readonly onUnauthorized: () => void;
}

/** Clients by what they send, so that none waits behind another, within one limit. */
function createApis(settings: BotSettings, { clock, leases, onUnauthorized, onProblem }: ApiPorts) {
  const { requestsPerSecond: perSecond, processes } = settings;
  const limiter = createQueuedLimiter({ perSecond, processes, leases, clock });
  const apiOf = (rest: REST): Api => {
    warnOfBans(rest, onProblem);
    return createApi(rest, onUnauthorized);
  };
  return {
    finals: apiOf(createWaitingRest(settings, limiter, "answer")),
    closing: apiOf(createWaitingRest(settings, limiter, "closing")),
    usual: apiOf(createWaitingRest(settings, limiter, "other")),
    reading: apiOf(createReadingRest(settings, limiter)),
    progress: apiOf(createProgressRest(settings, limiter)),
  };
}

interface Hearing {
  readonly client: Client;
  readonly inbound: Inbound;
  readonly drain: Drain;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
  readonly onFatal: (problem: Error) => void;
}

function hearEvents({ client, inbound, drain, clock, onProblem, onFatal }: Hearing): void {
  const takers = Object.fromEntries(
    Object.entries(inbound.takers).flatMap(([name, take]) =>
      take ? [[name, (event: Parameters<typeof take>[0]) => drain.run(() => take(event))]] : [],
    ),
  );
  listenToGateway({
    client,
    takers,
    onBegin: (shard) => inbound.begins(shard),
    clock,
    onSession: (shard) => drain.run(() => inbound.catchUp(shard)).catch(onProblem),
    onProblem,
    onFatal,
  });
}

interface Leaving {
  readonly shards: Shards;
  readonly gate: IdentifyGate;
  readonly seen: Seen;
  readonly drain: Drain;
}

/** All shards that are this process's; one that has none runs turns, and stands by. */
const areConnected = (clients: readonly Client[]): boolean =>
  clients.every(
    ({ ws }) => ws.shards.size > 0 && ws.shards.every(({ status }) => status === Status.Ready),
  );

/** Takes no more events. What was said before can still be answered: posting needs no connection. */
async function leave({ shards, gate, seen, drain }: Leaving): Promise<void> {
  await drain.close(LEAVE_MS);
  // Before another process takes the shards over.
  await seen.save();
  await shards.stop();
  await gate.end();
}

interface Registering extends Pick<DiscordOptions, "onProblem"> {
  readonly api: Api;
  readonly settings: DiscordSettings;
  readonly guilds: Guilds;
}

async function registerAll({ api, settings, guilds, onProblem }: Registering): Promise<void> {
  const application = guilds.application();
  if (application === undefined) return;
  if (guilds.count() === 0 && (await isInNoServer(api))) {
    const link = inviteLink(settings.apiUrl, application);
    onProblem(new Error(`Parley is in no Discord server yet. Add it with ${link}`));
  }
  const commands = commandDefinitions();
  await registerCommands({ api, application, guild: settings.guild, commands });
}

/** Other processes may have the shards of all servers that it is in. */
const isInNoServer = async (api: Api): Promise<boolean> => {
  const call = { method: "GET", route: Routes.userGuilds(), query: { limit: 1 } } as const;
  const servers = await api.call({ ...call, what: "asking for its servers" }, z.array(z.unknown()));
  return servers.length === 0;
};

/** Discord bans an address after 10,000 refused requests in ten minutes; this comes at every 500. */
const warnOfBans = (rest: REST, onProblem: (problem: unknown) => void) =>
  rest.on(RESTEvents.InvalidRequestWarning, ({ count }) =>
    onProblem(new Error(`Discord has refused ${count} requests of the last ten minutes.`)),
  );
