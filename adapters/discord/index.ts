import { join } from "node:path";
import { type Client, type REST, RESTEvents, Status } from "discord.js";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import type { Intake, Platform } from "../../src/platform.ts";
import { type Api, createApi, createProgressRest, createWaitingRest } from "./api/api.ts";
import { createClient } from "./api/client.ts";
import { createInbound, createSurface, type Inbound } from "./connect.ts";
import { type DiscordSettings, readDiscordSettings } from "./env.ts";
import { explainStart, tokenRefused } from "./fatal.ts";
import { listenToGateway } from "./gateway.ts";
import type { Guilds } from "./guilds.ts";
import { createSeen, type Seen } from "./intake/seen.ts";
import { inviteLink } from "./invite-link.ts";
import { placeOf } from "./place.ts";
import { createPosts } from "./post/posts.ts";
import { createTyping } from "./post/typing.ts";
import { commandDefinitions } from "./registration/definitions.ts";
import { registerCommands } from "./registration/register.ts";
import { FOOTER_ROOM } from "./render/render-final.ts";
import { readHistory } from "./threads/history.ts";
import { createUnderWay, type UnderWay } from "./under-way.ts";

export interface DiscordOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder of the adapter's own, for what may be lost without harm. */
  readonly dir: string;
  readonly commands: CommandPorts;
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
  return { platform: createPlatform(options, readDiscordSettings(options.env)) };
}

function createPlatform(options: DiscordOptions, settings: DiscordSettings): Platform {
  const { clock = systemClock, wallClock = Date.now, onProblem } = options;
  const client = createClient(settings);
  const state = { started: false, stopped: false };
  const onFatal = (problem: Error) => {
    // Before that, `start` itself rejects.
    if (!state.started || state.stopped) return;
    onProblem(problem);
    options.exit(1);
  };
  const rests = { finals: createWaitingRest(settings), progress: createProgressRest(settings) };
  for (const rest of Object.values(rests)) warnOfBans(rest, onProblem);
  const api = createApi(rests.finals, () => onFatal(tokenRefused()));
  const progress = createApi(rests.progress, () => onFatal(tokenRefused()));
  const surface = createSurface(client, api);
  const typing = createTyping({ api: progress, clock });
  const seen = createSeen({ path: join(options.dir, seenFile(settings)), clock, onProblem });
  const underWay = createUnderWay(clock);
  const shared = { ...options, settings, surface, api, seen, clock, wallClock };

  return {
    name: "discord",
    capabilities: CAPABILITIES,
    ...createPosts({ finals: api, progress, typing, self: surface.identity, wallClock }),
    async start(intake: Intake) {
      await seen.load();
      const inbound = createInbound(shared, intake);
      hearEvents({ client, inbound, underWay, clock, onProblem, onFatal });
      await client.login(settings.token).catch((error: unknown) => {
        throw explainStart(error);
      });
      state.started = true;
      if (servesFirstShard(settings)) {
        await registerAll({ ...shared, guilds: surface.guilds }).catch(onProblem);
      }
    },
    async stop() {
      if (state.stopped) return;
      state.stopped = true;
      await leave({ client, seen, underWay });
      typing.stopAll();
    },
    isConnected: () => !state.stopped && isConnected(client),
    async history(conversation, signal) {
      const place = placeOf(conversation);
      return readHistory(place, { api, reader: await surface.readers(place.guild), signal });
    },
  };
}

interface Hearing {
  readonly client: Client;
  readonly inbound: Inbound;
  readonly underWay: UnderWay;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
  readonly onFatal: (problem: Error) => void;
}

function hearEvents({ client, inbound, underWay, clock, onProblem, onFatal }: Hearing): void {
  const takers = Object.fromEntries(
    Object.entries(inbound.takers).flatMap(([name, take]) =>
      take ? [[name, (event: Parameters<typeof take>[0]) => underWay.add(() => take(event))]] : [],
    ),
  );
  listenToGateway({
    client,
    takers,
    clock,
    onSession: (shard) => underWay.add(() => inbound.catchUp(shard)).catch(onProblem),
    onProblem,
    onFatal,
  });
}

/** Takes no more events. What was said before can still be answered: posting needs no connection. */
async function leave({
  client,
  seen,
  underWay,
}: Pick<Hearing, "client" | "underWay"> & { readonly seen: Seen }): Promise<void> {
  await underWay.end(LEAVE_MS);
  await client.destroy();
  await seen.save();
}

/** All shards of this process are. */
const isConnected = ({ ws }: Client): boolean =>
  ws.shards.size > 0 && ws.shards.every(({ status }) => status === Status.Ready);

/** One process registers the commands, whatever its share of the servers. */
const servesFirstShard = ({ shards }: DiscordSettings): boolean =>
  shards === "auto" || shards.includes(0);

const seenFile = ({ shards }: DiscordSettings): string =>
  `seen-${shards === "auto" ? "auto" : `${shards[0]}-${shards.at(-1)}`}.json`;

interface Registering extends Pick<DiscordOptions, "onProblem"> {
  readonly api: Api;
  readonly settings: DiscordSettings;
  readonly guilds: Guilds;
}

async function registerAll({ api, settings, guilds, onProblem }: Registering): Promise<void> {
  const application = guilds.application();
  if (application === undefined) return;
  if (guilds.count() === 0) {
    const link = inviteLink(settings.apiUrl, application);
    onProblem(new Error(`Parley is in no Discord server yet. Add it with ${link}`));
  }
  const commands = commandDefinitions();
  await registerCommands({ api, application, guild: settings.guild, commands });
}

/** Discord bans an address after 10,000 refused requests in ten minutes; this comes at every 500. */
const warnOfBans = (rest: REST, onProblem: (problem: unknown) => void) =>
  rest.on(RESTEvents.InvalidRequestWarning, ({ count }) =>
    onProblem(new Error(`Discord has refused ${count} requests of the last ten minutes.`)),
  );
