import type {
  Adapter,
  AdapterContext,
  AdapterEntry,
  StandardStreams,
  StartFlags,
} from "../adapter-kit/adapter.ts";
import type { Clock } from "../clock.ts";
import type { Phase } from "../http/health.ts";
import type { HttpServer } from "../http/http-server.ts";
import { chooseEntries } from "./choose-entries.ts";
import { openHttp } from "./open-http.ts";
import { type OpenedParley, openParley, announceTeams } from "../parley/open-parley.ts";
import type { ParleyListener } from "../parley/parley-listener.ts";
import type { LoadedSettings } from "../settings.ts";
import { serveOrJoin } from "./serve-or-join.ts";
import { supervise, type Supervisor } from "./supervisor.ts";
import type { Log } from "../telemetry/log.ts";
import { createProblemLog, type ProblemLog } from "../telemetry/log-problems.ts";
import { createTurnLog } from "../telemetry/log-turns.ts";
import { openLog } from "../telemetry/open-log.ts";

/** What only the process itself can provide. */
export interface ProcessRuntime extends StandardStreams {
  readonly signals: Pick<NodeJS.EventEmitter, "on" | "off">;
  readonly pid: number;
  readonly clock: Clock;
  /** "0.1.0". */
  readonly version: string;
  /** "Parley 0.1.0 (Node 24.21.0)". */
  readonly versionLine: string;
  readonly loaded: LoadedSettings;
}

/** How long running turns may continue after the first signal, ms. A second signal ends the wait. */
const GRACE_MS = 10_000;

/** The process exits this long after the first signal, even if a database hangs, ms. Service managers kill after 30 s. */
const SHUTDOWN_MS = 25_000;
/** The same after a second signal, ms. */
const FAST_SHUTDOWN_MS = 6_000;

/** The same, but joins another process that serves the data folder already, if the only platform can. */
export async function serve(
  flags: StartFlags,
  runtime: ProcessRuntime,
  adapters: readonly AdapterEntry[],
): Promise<number> {
  const [only, second] = chooseEntries(flags, runtime.loaded, adapters);
  const join = second ? undefined : only?.join;
  if (!join) return serveHere(flags, runtime, adapters);
  const { input, output, error, version, signals, clock, loaded } = runtime;
  const { env, settings } = loaded;
  const streams = { input, output, error, version, signals, env };
  return serveOrJoin({
    flags,
    clock,
    join: (wanted) => join({ ...streams, flags: wanted, dataFolder: settings.PARLEY_DATA }),
    serve: (wanted) => serveHere(wanted, runtime, adapters),
    warn: (text) => void error.write(`parley: ${text}\n`),
  });
}

/**
 * Serves the platforms until a signal or an adapter stops it; resolves to the exit code. Rejects when something cannot start. Whatever is
 * still running when it resolves is left as after a kill: the next start, or another process, resumes it.
 */
async function serveHere(
  flags: StartFlags,
  runtime: ProcessRuntime,
  adapters: readonly AdapterEntry[],
): Promise<number> {
  const entries = chooseEntries(flags, runtime.loaded, adapters);
  const isOnScreen = entries.some(({ ownsScreen }) =>
    ownsScreen?.(runtime, flags, runtime.loaded.env),
  );
  const isForPeople = !flags.json && entries.every(({ isService }) => !isService);
  const log = await openLog(flags, runtime, { isOnScreen, isForPeople });
  const problems = createProblemLog(log, () => runtime.clock.now());
  const ended = Promise.withResolvers<number>();
  const supervisor = supervise({
    process: runtime.signals,
    onStray: problems.strayed,
    onBrokenStore(problem) {
      log.fatal({ err: problem }, "The store is broken, so Parley exits now. Start it again.");
      ended.resolve(1);
    },
  });
  const timers: (() => void)[] = [];
  const exitWithin = (ms: number, code: number) =>
    timers.push(
      runtime.clock.setTimer(ms, () => {
        log.warn("Shutdown took too long, so Parley exits now. Nothing is lost.");
        ended.resolve(code);
      }),
    );
  const platforms = adapters.map(({ name }) => name);
  const serving = {
    flags,
    runtime,
    entries,
    platforms,
    isOnScreen,
    log,
    problems,
    supervisor,
    exitWithin,
  };
  try {
    return await Promise.race([serveUntilStopped(serving), ended.promise]);
  } finally {
    for (const cancel of timers) cancel();
    supervisor.end();
  }
}

interface Serving {
  readonly flags: StartFlags;
  readonly runtime: ProcessRuntime;
  readonly entries: readonly AdapterEntry[];
  /** The names of all platforms. */
  readonly platforms: readonly string[];
  readonly isOnScreen: boolean;
  readonly log: Log;
  readonly problems: ProblemLog;
  readonly supervisor: Pick<Supervisor, "strays">;
  /** Shutdown has begun; the process exits after `ms` at the latest. */
  readonly exitWithin: (ms: number, code: number) => void;
}

const noticeOn = (adapters: readonly Adapter[]) => (text: string) =>
  adapters.forEach((adapter) => adapter.notice?.(text));

async function serveUntilStopped(serving: Serving): Promise<number> {
  const { flags, runtime, entries, isOnScreen, log, problems, exitWithin } = serving;
  const adapters: Adapter[] = [];
  const parley = await openParley({
    loaded: withTeam(runtime.loaded, flags.team),
    pid: runtime.pid,
    version: runtime.versionLine,
    platforms: serving.platforms,
    log,
    listener: createListener(log, problems, adapters),
    onBrokenTeam: noticeOn(adapters),
  });
  const end = Promise.withResolvers<number>();
  const life: { phase: Phase } = { phase: "starting" };
  const exit = (code: number) => {
    const isSecond = life.phase === "draining";
    exitWithin(isSecond ? FAST_SHUTDOWN_MS : SHUTDOWN_MS, code);
    if (isSecond) void parley.stop(0).catch(() => {});
    life.phase = "draining";
    end.resolve(code);
  };
  const unhook = hookSignals(runtime, () => exit(0));
  let http: HttpServer | undefined;
  try {
    const { loaded } = runtime;
    const contextOf = createContexts({ flags, runtime, parley, exit, report: problems.reported });
    for (const entry of entries) adapters.push(await entry.create(contextOf(entry)));
    if (entries.some(({ isService }) => isService))
      http = await openHttp({
        loaded,
        parley,
        adapters,
        log,
        phase: () => life.phase,
        strays: serving.supervisor.strays,
      });
    await parley.serve(adapters.map(({ platform }) => platform));
    if (life.phase === "starting") life.phase = "serving";
    log.info({ platforms: entries.map(({ name }) => name) }, "serving");
    announceTeams(parley, log, noticeOn(adapters));
    return await end.promise;
  } finally {
    // Nobody sees an answer after leaving the screen; the next start resumes the turn.
    await parley.stop(flags.once || isOnScreen ? 0 : GRACE_MS);
    for (const adapter of adapters) await adapter.restore?.();
    await parley.close();
    await http?.close();
    unhook();
  }
}

interface ContextOptions extends Pick<AdapterContext, "flags" | "exit" | "report"> {
  readonly runtime: ProcessRuntime;
  readonly parley: OpenedParley;
}

/** What each adapter is made from; storage is its own platform's. */
const createContexts =
  ({ runtime, parley, ...shared }: ContextOptions) =>
  ({ name }: AdapterEntry): AdapterContext => ({
    ...shared,
    input: runtime.input,
    output: runtime.output,
    error: runtime.error,
    loaded: runtime.loaded,
    version: runtime.version,
    clock: runtime.clock,
    commands: parley.ports,
    state: parley.state.of(name),
    installs: parley.installs.of(name),
    threads: parley.threads.of(name),
    kept: parley.kept,
    lock: parley.lock,
  });

const withTeam = (loaded: LoadedSettings, team: string | undefined): LoadedSettings =>
  team === undefined
    ? loaded
    : {
        settings: { ...loaded.settings, PARLEY_TEAM: team },
        env: { ...loaded.env, PARLEY_TEAM: team },
      };

function createListener(
  log: Log,
  problems: ProblemLog,
  adapters: readonly Adapter[],
): ParleyListener {
  const turns = createTurnLog(log);
  return {
    turnStep: (turn, step) => turns.step(turn, step),
    turnEvent(conversation, event, state) {
      turns.event(conversation, event, state);
      for (const adapter of adapters) adapter.turnEvent?.(conversation, event, state);
    },
    turnText(conversation, agent, delta) {
      for (const adapter of adapters) adapter.turnText?.(conversation, agent, delta);
    },
    turnDone(conversation, message, summary) {
      for (const adapter of adapters) adapter.turnDone?.(conversation, message, summary);
    },
    problem: problems.wentOnWithout,
  };
}

function hookSignals({ signals }: ProcessRuntime, leave: () => void): () => void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) signals.on(name, leave);
  return () => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) signals.off(name, leave);
  };
}
