import { randomUUIDv7 } from "node:crypto";
import { type ConcessionBook, createConcessionBook } from "../backends/concessions/ledger.ts";
import type { BackendConfig } from "../backends/config.ts";
import type { Catalogue } from "../backends/catalogue.ts";
import type { CliHost } from "../backends/cli/cli-host.ts";
import { type Backends, createBackends, endpointOf, loadBackends } from "../backends/index.ts";
import type { Env } from "../backends/keys.ts";
import { createOutputHistory, type OutputHistory } from "../backends/output-history.ts";
import { createBudgets } from "../budgets/budgets.ts";
import { createCalendar } from "../budgets/calendar.ts";
import type { InstalledLimit } from "../budgets/survey.ts";
import { createBot } from "../bot/bot.ts";
import { createConversationTurns } from "../bot/conversation-turns.ts";
import { conversationText } from "../bot/read-message.ts";
import type { Clock } from "../clock.ts";
import { createCommands } from "../commands/commands.ts";
import type { Asker, CommandPorts } from "../commands/ports.ts";
import { createCalibration } from "../context/calibration.ts";
import type { TurnEvent } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import { type ConversationId, parseConversationId, TurnId } from "../ids.ts";
import { createLoopGate } from "../loop-gate.ts";
import type { Intake, Platform } from "../platform.ts";
import type { TurnSummary } from "../progress/turn-summary.ts";
import { timingReply } from "../progress/timing-reply.ts";
import { whyReply } from "../progress/why-reply.ts";
import type { Database } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../store/tables/turn.ts";
import { createBindings } from "../teams/bindings.ts";
import { createListening } from "../teams/listening.ts";
import type { TeamBook } from "../teams/team-book.ts";
import { createTrackRecords, type TrackRecords } from "../track-records/track-records.ts";
import type { InstallationAdmin } from "../tenants/installation.ts";
import { createOwnKeys } from "../tenants/own-keys.ts";
import { createTeamDirectory, type TeamDirectory } from "../tenants/visible-teams.ts";
import type { TurnEngine } from "../turns/engine/engine.ts";
import type { CreateEngine } from "../turns/engine/engine-options.ts";
import { createPlatformRegistry, type PlatformRegistry } from "../turns/platform-registry.ts";
import { createLateRecords } from "../turns/concluding/late-records.ts";
import { stepsTo } from "../turns/turn-step.ts";
import { createRunTurn } from "../turns/running/run-turn.ts";
import { spellingOf } from "../turns/spell-outgoing.ts";
import { createPostNote } from "../turns/post-note.ts";
import type { ParleyListener } from "./parley-listener.ts";
import { resealKeys } from "./reseal-keys.ts";
import { createTurnEngine } from "./turn-engine.ts";

export interface ParleyOptions {
  readonly store: Store;
  readonly book: TeamBook;
  readonly catalogue: Catalogue;
  readonly env: Env;
  /** Default: the backends of the team files, with the keys of `env`. */
  readonly backends?: Backends;
  /** Runs agents that are programs on this machine. */
  readonly cli?: CliHost;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** PARLEY_TEAM. */
  readonly team?: string | undefined;
  /** PARLEY_TURNS. */
  readonly concurrency?: number;
  /** The engine for the store; default: the engine of a single process. */
  readonly createEngine?: CreateEngine;
  /** PARLEY_BUDGET; default: no limits. */
  readonly limits?: readonly InstalledLimit[];
  /** PARLEY_TIME_ZONE, for daily budgets; default: UTC. */
  readonly timeZone?: string;
  /** PARLEY_ADMINS. */
  readonly admins?: readonly InstallationAdmin[];
  readonly version: string;
  readonly listener: ParleyListener;
}

/** Everything but the platforms. */
export interface Parley {
  readonly intake: Intake;
  readonly ports: CommandPorts;
  /** What adapters store, each by its platform's name. */
  readonly installs: Store["installs"];
  readonly state: Store["adapterState"];
  readonly threads: Store["threadLines"];
  /** Locks that all processes on the store share. */
  readonly lock: Database["lock"];
  /** Serves these platforms: resumes unfinished turns, then accepts events. Rejects when a platform fails to start. */
  serve(platforms: readonly Platform[]): Promise<void>;
  /** Rejects with a `StoreError` when the store cannot write: it may be reachable but full, locked or a standby. */
  checkStore(): Promise<void>;
  /** Accepts no more events, gives running turns `graceMs`, and leaves unfinished turns to the next start. */
  stop(graceMs: number): Promise<void>;
}

export function createParley(options: ParleyOptions): Parley {
  const { store, clock, wallClock, listener, version } = options;
  const newTurnId = () => TurnId.parse(randomUUIDv7());
  const registry = createPlatformRegistry({ store, clock, listener });
  const { installation, budgets, outputs, book, ...choices } = createTenancy(options, registry);
  const { engine, ...board } = createTurnEngine({ ...options, registry, newTurnId, budgets });
  const beginning = { ...choices, store, engine, newTurnId, budgets, ...stepsTo(listener) };
  const ports: CommandPorts = {
    ...choices,
    turns: createConversationTurns({ ...beginning, wallClock }),
    usage: store.usage,
    budgets,
    whyReply,
    timingReply,
    version,
    wallClock,
  };
  const intake = createBot({
    ...beginning,
    wallClock,
    installation,
    commands: createCommands(ports),
    platformOf: (conversation) => registry.of(conversation).platform,
    say: createPostNote({ registry, clock, newTurnId, listener }),
    onUnanswered: ({ conversation, id }) => listener.turnDone(conversation, id, null),
    onProblem: (problem, conversation) => listener.problem(problem, { conversation }),
  });
  const records = createLateRecords({ store, registry, clock, listener });
  const turns = { ...beginning, ...runOptions(options, registry, { ...choices, outputs, book }) };
  const run = createRunTurn({ ...turns, ...board, records, catchUp: intake.catchUp });
  return {
    intake,
    ports,
    installs: store.installs,
    state: store.adapterState,
    threads: store.threadLines,
    lock: (name) => store.db.lock(name),
    checkStore: () => store.adapterState.of("parley").put("ready", ""),
    async serve(platforms) {
      registry.add(platforms);
      await loadModels(options);
      await outputs.load();
      await engine.start(run);
      for (const platform of platforms) await platform.start(intake);
      records.takeOver();
      await Promise.all([resealKeys(choices.keys, listener), choices.trackRecords.start()]);
    },
    stop: (graceMs) => stopAll(registry, { engine, ...choices }, graceMs),
  };
}

/** Loads what the teams' backends need, before the first question waits for it. */
const loadModels = ({ book, env }: Pick<ParleyOptions, "book" | "env">): Promise<void> =>
  loadBackends(
    book.list().flatMap(({ team }) => team?.agents.map(({ backend }) => backend) ?? []),
    env,
  );

async function stopAll(
  registry: PlatformRegistry,
  { engine, trackRecords }: { readonly engine: TurnEngine; readonly trackRecords: TrackRecords },
  graceMs: number,
): Promise<void> {
  await Promise.all(registry.platforms().map((platform) => platform.stop()));
  await engine.drain(graceMs);
  await trackRecords.stop();
}

/** Admins, teams, keys, bindings and budgets of the installation and its workspaces. */
function createTenancy(options: ParleyOptions, registry: PlatformRegistry) {
  const { admins = [], limits: installed = [], timeZone = "UTC", team: setting } = options;
  const { store, book: teamBook, catalogue, clock, wallClock, env } = options;
  const onProblem = (problem: unknown) => options.listener.problem(problem, {});
  const outputs = createOutputHistory(store.adapterState.of("parley"), onProblem);
  const keys = createOwnKeys({ rows: store.installs.of("own keys"), env });
  const calendar = createCalendar(timeZone);
  const isMany = () => registry.platforms().some((platform) => platform.isMany?.());
  const teams = createTeamDirectory({ book: teamBook, env, isMany, setting, keys });
  const book = createConcessionBook((message) => onProblem(new Error(message)));
  return {
    installation: { admins, isMany },
    outputs,
    book,
    spellFor: ({ conversation, isOutside }: Pick<Asker, "conversation" | "isOutside">) =>
      spellingOf(platformOf(registry, conversation), conversation, isOutside),
    concessions: (backend: BackendConfig) => book.describe(endpointOf(backend, env)),
    teams,
    keys,
    trackRecords: createTrackRecords({ store, clock, onProblem }),
    bindings: createBindings({ teams, store: store.bindings, setting, wallClock }),
    listening: createListening({ store: store.bindings, wallClock }),
    budgets: createBudgets({ store, catalogue, outputs, wallClock, installed, isMany, calendar }),
  };
}

/** undefined: this process does not serve it. */
const platformOf = (registry: PlatformRegistry, conversation: ConversationId) =>
  registry.platforms().find(({ name }) => name === parseConversationId(conversation).platform);

interface TurnSources {
  readonly teams: TeamDirectory;
  readonly outputs: OutputHistory;
  readonly book: ConcessionBook;
}

/** How turns reach models, platforms and the listener. */
function runOptions(
  options: ParleyOptions,
  registry: PlatformRegistry,
  { teams, outputs, book }: TurnSources,
) {
  const { clock, catalogue, wallClock, listener } = options;
  const backends = options.backends ?? configuredBackends(options, book);
  return {
    clock,
    gate: createLoopGate(),
    seating: { backends, catalogue, outputs },
    calibration: createCalibration(),
    servedPlatform: (conversation: ConversationId) => registry.of(conversation),
    conversationText,
    async modelsOf(conversation: ConversationId) {
      const there = await teams.in(parseConversationId(conversation));
      const backendsOf = (name: string) => {
        const team = there.get(name);
        const seats = team?.agents.flatMap(({ backend, fallback }) => [backend, fallback]) ?? [];
        return [...seats, team?.router].filter((one) => one !== null && one !== undefined);
      };
      return { backendsOf, ownEnv: there.ownEnv };
    },
    wallClock,
    today: () => new Date(wallClock()).toISOString().slice(0, 10),
    onEvent: ({ conversation }: Turn, event: TurnEvent, state: TurnState) =>
      listener.turnEvent(conversation, event, state),
    ...(listener.turnText && { onText: listener.turnText }),
    onDone: ({ conversation, request }: Turn, summary: TurnSummary) =>
      listener.turnDone(conversation, request, summary),
    onProblem: ({ conversation, id: turn }: Turn, problem: unknown) =>
      listener.problem(problem, { conversation, turn }),
  };
}

function configuredBackends(
  { env, clock, catalogue, cli, listener }: ParleyOptions,
  concessions: ConcessionBook,
): Backends {
  const onWarning = (message: string) => listener.problem(new Error(message), {});
  return createBackends({ env, clock, catalogue, concessions, cli, onWarning });
}
