import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BotProcess, startBotProcess } from "./bot-process.ts";
import { SEAT_KEY } from "./team.ts";

/** One place of a bot: whatever it dies of, it is started again there, as systemd or Kubernetes would. */
export interface Seat {
  readonly name: string;
  /** Serving for a while, and neither killed nor frozen just now. */
  isUp(): boolean;
  /** kill -9; it is started again after a pause. */
  kill(): Promise<void>;
  /** SIGSTOP for a time, then SIGCONT. */
  freeze(ms: number): Promise<void>;
}

export interface Fleet {
  readonly seats: readonly Seat[];
  /** Starts that nobody asked for: it left by itself. */
  deaths(): readonly string[];
  warnings(): ReadonlyMap<string, number>;
  /** Asks all to leave in good order; tells of those that did not. */
  leave(): Promise<readonly string[]>;
  /** Ends whatever still runs. */
  end(): Promise<void>;
}

export interface FleetOptions {
  readonly folder: string;
  readonly processes: number;
  readonly env: Readonly<Record<string, string>>;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Between a death and the next start, ms. */
const PAUSE_MS = { least: 200, most: 1_500 };
const STARTING_MS = 60_000;
const LEAVING_MS = 20_000;
/** A process that dies sooner than this after its start is in a crash loop, in which turns are given up on purpose, ms. */
const STEADY_MS = 2_000;

/** Starts the bots; resolves when all of them serve. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const ledger = { deaths: [] as string[], warnings: new Map<string, number>(), isOver: false };
  const seats = await Promise.all(
    Array.from({ length: options.processes }, (_, n) =>
      createSeat(options, `bot-${n + 1}`, ledger),
    ),
  );
  const end = async () => {
    ledger.isOver = true;
    await Promise.all(seats.map((seat) => seat.end("SIGKILL")));
  };
  try {
    await allServe(seats, options.signal);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    seats,
    deaths: () => ledger.deaths,
    warnings: () => ledger.warnings,
    async leave() {
      ledger.isOver = true;
      const left = await Promise.all(seats.map((seat) => inTime(seat.end("SIGTERM"))));
      return left.flatMap((how, n) => (how === "exit code 0" ? [] : [`bot-${n + 1}: ${how}`]));
    },
    end,
  };
}

async function allServe(
  seats: readonly { isServing(): boolean }[],
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + STARTING_MS;
  while (!seats.every((seat) => seat.isServing())) {
    if (performance.now() > until) throw new Error("The bots did not start; see their logs.");
    await sleep(50, undefined, { signal });
  }
}

const inTime = (left: Promise<string>): Promise<string> =>
  Promise.race([left, sleep(LEAVING_MS, "did not leave", { ref: false })]);

interface Ledger {
  readonly deaths: string[];
  readonly warnings: Map<string, number>;
  isOver: boolean;
}

async function createSeat({ folder, env, random }: FleetOptions, name: string, ledger: Ledger) {
  const dir = join(folder, name);
  await mkdir(dir, { recursive: true });
  const state = { bot: undefined as BotProcess | undefined, steadyAt: Infinity, isHit: false };
  const start = (): void => {
    const bot = startBotProcess({
      env: { ...env, PARLEY_DATA: join(dir, "data"), PORT: "0", [SEAT_KEY]: name },
      logFile: join(folder, `${name}.log`),
      onWarning: (message) => ledger.warnings.set(message, (ledger.warnings.get(message) ?? 0) + 1),
    });
    Object.assign(state, { bot, steadyAt: Infinity, isHit: false });
    bot.serving.then(
      () => (state.steadyAt = performance.now() + STEADY_MS),
      () => {},
    );
    void bot.exited.then((how) => again(how));
  };
  const again = async (how: string): Promise<void> => {
    state.steadyAt = Infinity;
    if (!state.isHit && !ledger.isOver) ledger.deaths.push(`${name}: ${how}`);
    await sleep(PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least));
    if (!ledger.isOver) start();
  };
  start();
  return {
    name,
    isUp: () => state.steadyAt < performance.now() && !state.isHit,
    isServing: () => state.steadyAt < Infinity,
    async kill() {
      state.isHit = true;
      state.bot?.signal("SIGKILL");
      await state.bot?.exited;
    },
    async freeze(ms: number) {
      const { bot } = state;
      state.isHit = true;
      bot?.signal("SIGSTOP");
      await sleep(ms);
      bot?.signal("SIGCONT");
      if (state.bot === bot) state.isHit = false;
    },
    async end(signal: NodeJS.Signals): Promise<string> {
      state.bot?.signal("SIGCONT");
      state.bot?.signal(signal);
      return state.bot?.exited ?? "never started";
    },
  };
}
