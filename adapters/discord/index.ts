import { type Client, Status } from "discord.js";
import { createDrain } from "../../src/adapter-kit/queue/drain.ts";
import { createQueuedLimiter } from "../../src/adapter-kit/rate-limit/queued-limiter.ts";
import { createUsageLeases } from "../../src/adapter-kit/rate-limit/usage-leases.ts";
import { createUntilInstalled } from "../../src/adapter-kit/until-installed.ts";
import type { AdapterState, TakeLock } from "../../src/adapter-storage.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { spellSlash } from "./interactions/spell-slash.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import type { Intake, Platform } from "../../src/platform.ts";
import { createApis } from "./api/api.ts";
import { tokenRefused } from "./api/errors.ts";
import { createShardCheckpoints } from "./backfill/checkpoints.ts";
import { type BotSettings, readDiscordSettings } from "./env.ts";
import { createInbound, type Inbound } from "./event-handlers.ts";
import { createConnections } from "./gateway/connections.ts";
import { createIdentifyLimiter } from "./gateway/identify-limiter.ts";
import { listenToGateway } from "./gateway/listen.ts";
import { createShards } from "./gateway/shards.ts";
import { createGuilds, createOwnId } from "./guilds/guilds.ts";
import {
  createIsAllowedGuild,
  createIsRemoved,
  listenToGuilds,
  withAllowedGuilds,
} from "./guilds/membership.ts";
import { createReaders } from "./parse/read-message.ts";
import { createPosts } from "./post/posts.ts";
import { createTyping } from "./post/typing.ts";
import { registerAndInvite } from "./registration/register.ts";
import { renderMarkdown } from "./render/markdown.ts";
import { FOOTER_ROOM } from "./render/render-final.ts";
import { createStarters } from "./threads/starters.ts";
import { createHistory } from "./threads/history.ts";

export interface DiscordOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly state: AdapterState;
  /** Locks that the bot's processes share. */
  readonly take: TakeLock;
  readonly commands: CommandPorts;
  /** Number of processes that share the bot; default 1. */
  readonly processes?: number;
  /** Stops the process in good order. Called with 1 after the problem was reported, when Discord refuses the bot for good. */
  readonly exit: (code: number) => void;
  readonly onProblem: (problem: unknown) => void;
  readonly clock?: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock?: () => number;
}

const CAPABILITIES = {
  maxTextLength: 1_900,
  lengthOf: (markdown: string) => renderMarkdown(markdown, 1_900).content.length,
  footerRoom: FOOTER_ROOM,
  maxParts: 4,
  minEditIntervalMs: 1_500,
};
/** How long shutdown waits for events that are being handled. */
const DRAIN_MS = 5_000;

/** Discord, over its gateway. Connects with `start`. Rejects with a `SettingsError`. */
export async function createDiscord(options: DiscordOptions): Promise<{ platform: Platform }> {
  const settings = { ...readDiscordSettings(options.env), processes: options.processes ?? 1 };
  return { platform: createPlatform(options, settings) };
}

function createPlatform(options: DiscordOptions, settings: BotSettings): Platform {
  const { onProblem } = options;
  const state = { started: false, stopped: false, exiting: false };
  const onFatal = (problem: Error) => {
    // Before the start, `start` itself rejects. Every call that follows a refused token fails, too.
    if (!state.started || state.stopped || state.exiting) return;
    state.exiting = true;
    onProblem(problem);
    options.exit(1);
  };
  const parts = createParts(options, settings, onFatal);
  const { clock, guilds, connections, isAllowed, typing } = parts.access;
  const { usual: api } = parts.access.apis;
  const { shards, drain, register } = parts;
  const isRemoved = createIsRemoved(guilds, api);

  return {
    name: "discord",
    capabilities: CAPABILITIES,
    spell: () => spellSlash,
    freshMs: settings.freshMs,
    ...createUntilInstalled(parts.posts, { clock, isRemoved }),
    async start(intake: Intake) {
      const { commands } = options;
      const inbound = parts.createInbound(intake);
      // Discord forgets the commands of a server that removes Parley.
      const onAdded = (guild: string) => void (guild === settings.guild && register());
      await shards.start((client) => {
        listenToEvents({ client, inbound, drain, clock, onProblem, onFatal });
        listenToGuilds(client, { api, isAllowed, onAdded, guilds, commands, onProblem });
      });
      state.started = true;
    },
    async stop() {
      if (state.stopped) return;
      state.stopped = true;
      await disconnect(parts);
      typing.stopAll();
    },
    isMany: () => guilds.isMany(),
    isConnected: () => state.started && !state.stopped && areConnected(connections.clients()),
    history: createHistory(parts.access.readers, api, parts.access.starters),
  };
}

/** The ways to Discord: its HTTP API, within the rate limit, and the connections of the gateway. */
function createAccess(
  { clock = systemClock, wallClock = Date.now, state, take, onProblem }: DiscordOptions,
  settings: BotSettings,
  onFatal: (problem: Error) => void,
) {
  const { processes, requestsPerSecond: perSecond, allowedGuilds } = settings;
  const leases = createUsageLeases({ state, clock, wallClock, processes, onProblem });
  const limiter = createQueuedLimiter({ perSecond, processes, leases, clock });
  const onUnauthorized = () => onFatal(tokenRefused());
  const apis = createApis(settings, { limiter, onUnauthorized, onProblem });
  const identifyLimiter = createIdentifyLimiter(take, clock);
  const connections = createConnections(settings, identifyLimiter);
  const isAllowed = createIsAllowedGuild(allowedGuilds);
  const guilds = withAllowedGuilds(
    createGuilds(() => connections.clients()),
    isAllowed,
  );
  const ownId = createOwnId(guilds, apis.usual);
  const typing = createTyping({ api: apis.progress, clock });
  const gate = { identifyLimiter, connections, isAllowed };
  return {
    clock,
    wallClock,
    apis,
    ...gate,
    guilds,
    ownId,
    typing,
    readers: createReaders({ api: apis.usual, guilds, ownId }),
    starters: createStarters(state),
  };
}

/** What the platform is made of; nothing is called before `start`. */
function createParts(
  options: DiscordOptions,
  settings: BotSettings,
  onFatal: (problem: Error) => void,
) {
  const { onProblem, commands, state, take } = options;
  const access = createAccess(options, settings, onFatal);
  const { clock, wallClock, connections, isAllowed, guilds, ownId, typing } = access;
  const { usual, usual: api, finals, closing, progress, reading } = access.apis;
  const checkpoints = createShardCheckpoints({ state, clock, onProblem });
  const register = () => registerAndInvite({ api, settings, guilds, onProblem }).catch(onProblem);
  return {
    access,
    checkpoints,
    register,
    drain: createDrain(clock),
    posts: createPosts({ finals, closing, usual, progress, typing, guilds, ownId, wallClock }),
    createInbound: (intake: Intake) =>
      createInbound(
        {
          settings,
          guilds,
          ownId,
          readers: access.readers,
          starters: access.starters,
          isAllowed,
          api,
          reading,
          finals,
          commands,
          checkpoints,
          clock,
          wallClock,
          onProblem,
        },
        intake,
      ),
    shards: createShards({
      settings,
      api,
      connections,
      take,
      clock,
      onConnecting: (shard, count) => checkpoints.load(shard, count),
      onFirstShard: register,
      onProblem,
    }),
  };
}

type Parts = ReturnType<typeof createParts>;

interface Listening {
  readonly client: Client;
  readonly inbound: Inbound;
  readonly drain: Parts["drain"];
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
  readonly onFatal: (problem: Error) => void;
}

function listenToEvents({ client, inbound, drain, clock, onProblem, onFatal }: Listening): void {
  const handlers = Object.fromEntries(
    Object.entries(inbound.handlers).flatMap(([name, handle]) =>
      handle
        ? [[name, (event: Parameters<typeof handle>[0]) => drain.run(() => handle(event))]]
        : [],
    ),
  );
  listenToGateway({
    client,
    handlers,
    clock,
    onSessionStart: (shard) => inbound.sessionStarted(shard),
    onReady: (shard) => drain.run(() => inbound.backfill(shard)).catch(onProblem),
    onProblem,
    onFatal,
  });
}

/** Whether all shards of this process are ready. A process without shards runs turns and waits for shards to become free. */
const areConnected = (clients: readonly Client[]): boolean =>
  clients.every(
    ({ ws }) => ws.shards.size > 0 && ws.shards.every(({ status }) => status === Status.Ready),
  );

/** Handles no more events. Answers can still be posted: posting needs no gateway. */
async function disconnect({
  access,
  drain,
  checkpoints,
  shards,
}: Pick<Parts, "access" | "drain" | "checkpoints" | "shards">): Promise<void> {
  await drain.close(DRAIN_MS);
  // Before another process takes over the shards.
  await checkpoints.save();
  await shards.stop();
  await access.identifyLimiter.close();
}
