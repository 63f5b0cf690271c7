import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import { CliError, type StartFlags } from "./cli/parse-cli.ts";
import type { Phase } from "./http/health.ts";
import type { HttpRoute, HttpServer } from "./http/http-server.ts";
import { nearest } from "./nearest.ts";
import { openHttp } from "./open-http.ts";
import { openParley } from "./open-parley.ts";
import type { Parley, ParleyListener } from "./parley.ts";
import type { Platform } from "./platform.ts";
import { type LoadedSettings, secretsIn } from "./settings.ts";
import type { KeyValues } from "./store/keyv/key-values.ts";
import { createLog, type Log } from "./telemetry/log.ts";
import { createProblemLog, type ProblemLog } from "./telemetry/log-problems.ts";
import { logTurnEvent } from "./telemetry/log-turns.ts";

/** What the process lends: its streams, its signals, its environment. */
export interface Surroundings {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly error: NodeJS.WriteStream;
  readonly signals: Pick<NodeJS.EventEmitter, "on" | "off">;
  readonly pid: number;
  readonly clock: Clock;
  /** "Parley 0.1.0 (Node 24.21.0)". */
  readonly version: string;
  readonly loaded: LoadedSettings;
}

/** What an adapter is made from. */
export interface AdapterContext extends Surroundings {
  readonly flags: StartFlags;
  readonly parley: Parley;
  /** By name: what may be kept for the next process, and may vanish. */
  readonly kept: (name: string) => KeyValues;
  /** Ends the process in good order. */
  readonly exit: (code: number) => void;
  /** Tells whoever reads the log what the adapter went on from, or why it ends. */
  readonly report: (problem: unknown) => void;
}

/** An adapter, and what it wants to hear besides its own events. */
export interface Adapter extends Pick<Partial<ParleyListener>, "turnEvent" | "turnDone"> {
  readonly platform: Platform;
  /** What it answers over HTTP; undefined: it does without. */
  readonly http?: HttpRoute | undefined;
  /** Tells whoever runs Parley something they should know. */
  readonly notice?: (text: string) => void;
  /** Leaves the platform as it was, at the very end, when no turn runs any more. Never rejects, and takes no more than a few seconds. */
  readonly restore?: () => void | Promise<void>;
}

export interface AdapterEntry {
  /** Whether the environment has the tokens this platform needs. */
  readonly isConfigured: (env: LoadedSettings["env"]) => boolean;
  /** Whether it draws on the terminal, so that log lines must go elsewhere. */
  readonly ownsScreen: (surroundings: Surroundings, flags: StartFlags) => boolean;
  /** Whether it runs unwatched, so that its health is asked about over HTTP. */
  readonly isService: boolean;
  readonly create: (context: AdapterContext) => Promise<Adapter>;
}

export type AdapterTable = Readonly<Record<string, AdapterEntry>>;

/** How long running turns may go on after the process is asked to leave, ms; asked a second time, it waits no longer. */
const GRACE_MS = 10_000;

/** By then it has left, whatever does not let go (a database that keeps silent), ms: service managers kill after 30 s. */
const LEAVE_MS = 25_000;
/** The same from the second time on. */
const HURRY_MS = 6_000;

/**
 * Serves the platforms until a signal or an adapter ends it; resolves to the exit code. Rejects when something cannot be started. What is
 * still open when it resolves is as after a kill: the next start, or another process, goes on.
 */
export async function serve(
  flags: StartFlags,
  surroundings: Surroundings,
  table: AdapterTable,
): Promise<number> {
  const left = Promise.withResolvers<number>();
  const timers: (() => void)[] = [];
  const leaveIn = (ms: number, code: number, log: Log) =>
    timers.push(
      surroundings.clock.setTimer(ms, () => {
        log.warn("Something did not let go, and was left as it is. Nothing is lost by that.");
        left.resolve(code);
      }),
    );
  try {
    return await Promise.race([
      serveToItsEnd({ flags, surroundings, table, leaveIn }),
      left.promise,
    ]);
  } finally {
    for (const cancel of timers) cancel();
  }
}

interface Serving {
  readonly flags: StartFlags;
  readonly surroundings: Surroundings;
  readonly table: AdapterTable;
  /** It was asked to leave, and leaves by then. */
  readonly leaveIn: (ms: number, code: number, log: Log) => void;
}

async function serveToItsEnd({ flags, surroundings, table, leaveIn }: Serving): Promise<number> {
  const names = choosePlatforms(flags, surroundings.loaded, table);
  const isOnScreen = names.some((name) => table[name]?.ownsScreen(surroundings, flags));
  const log = openLog(flags, surroundings, isOnScreen);
  const problems = createProblemLog(log, () => surroundings.clock.now());
  const adapters: Adapter[] = [];
  const parley = await openParley({
    ...surroundings,
    loaded: withTeam(surroundings.loaded, flags.team),
    log,
    listener: createListener(log, problems, adapters),
    onBrokenTeam: (text) => adapters.forEach((adapter) => adapter.notice?.(text)),
  });
  const end = Promise.withResolvers<number>();
  const life: { phase: Phase } = { phase: "starting" };
  const exit = (code: number) => {
    const isAgain = life.phase === "draining";
    leaveIn(isAgain ? HURRY_MS : LEAVE_MS, code, log);
    if (isAgain) void parley.stop(0).catch(() => {});
    life.phase = "draining";
    end.resolve(code);
  };
  const unhook = hookSignals(surroundings, () => exit(0));
  let http: HttpServer | undefined;
  try {
    const { kept } = parley;
    const context = { ...surroundings, flags, parley, kept, exit, report: problems.reported };
    const entries = names.flatMap((name) => table[name] ?? []);
    for (const entry of entries) adapters.push(await entry.create(context));
    if (entries.some(({ isService }) => isService))
      http = await openHttp({ ...context, adapters, log, phase: () => life.phase });
    await parley.serve(adapters.map(({ platform }) => platform));
    if (life.phase === "starting") life.phase = "serving";
    log.info({ platforms: names }, "serving");
    return await end.promise;
  } finally {
    // Who leaves the screen sees nothing of an answer any more; the next start goes on with the turn.
    await parley.stop(flags.once || isOnScreen ? 0 : GRACE_MS);
    for (const adapter of adapters) await adapter.restore?.();
    await parley.close();
    await http?.close();
    unhook();
  }
}

function choosePlatforms(
  { platforms }: StartFlags,
  { env }: LoadedSettings,
  table: AdapterTable,
): readonly string[] {
  const unknown = platforms.find((name) => !(name in table));
  if (unknown !== undefined) {
    const near = nearest(unknown, Object.keys(table));
    const known = Object.keys(table).join(", ");
    throw new CliError(
      `There is no platform “${unknown}”; there is ${known}.${near ? ` Did you mean ${near}?` : ""}`,
    );
  }
  if (platforms.length > 0) return [...new Set(platforms)];
  const configured = Object.keys(table).filter((name) => table[name]?.isConfigured(env));
  return configured.length > 0 ? configured : ["terminal"];
}

const withTeam = (loaded: LoadedSettings, team: string | undefined): LoadedSettings =>
  team === undefined ? loaded : { ...loaded, settings: { ...loaded.settings, PARLEY_TEAM: team } };

/** Standard error, or a file beside the data while an adapter draws on the screen. */
function openLog(flags: StartFlags, surroundings: Surroundings, isOnScreen: boolean): Log {
  const { loaded, error } = surroundings;
  const { LOG_LEVEL: level, PARLEY_DATA: dir } = loaded.settings;
  const secrets = secretsIn(loaded.env);
  if (isOnScreen) {
    const output = createWriteStream(join(dir, "parley.log"), { flags: "a" });
    // A disk that is full must not end a chat.
    output.on("error", () => {});
    return createLog({ level, output, pretty: false, secrets });
  }
  const isPretty = error.isTTY && !flags.json;
  return createLog({ level: quiet(level, flags), output: error, pretty: isPretty, secrets });
}

/** In a pipe only what went wrong is worth a line among the answers, unless LOG_LEVEL says otherwise. */
const quiet = (level: string, { once, json }: StartFlags): string =>
  (once || json) && level === "info" ? "warn" : level;

function createListener(
  log: Log,
  problems: ProblemLog,
  adapters: readonly Adapter[],
): ParleyListener {
  return {
    turnEvent(conversation, event, state) {
      logTurnEvent(log, conversation, event, state);
      for (const adapter of adapters) adapter.turnEvent?.(conversation, event, state);
    },
    turnDone(conversation, message, summary) {
      for (const adapter of adapters) adapter.turnDone?.(conversation, message, summary);
    },
    problem: problems.wentOnWithout,
  };
}

function hookSignals({ signals }: Surroundings, leave: () => void): () => void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) signals.on(name, leave);
  return () => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) signals.off(name, leave);
  };
}
