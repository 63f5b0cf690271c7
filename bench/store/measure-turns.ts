import type { Database } from "../../src/store/database.ts";
import { type BenchParley, openBenchParley } from "./bench-parley.ts";
import { teamOf } from "../team-of.ts";
import { timeDatabase, type Waits } from "./timed-database.ts";

/** What turns take whose models and platform take nothing. */
export interface TurnFigures {
  /** From the message to the answer in its thread, p50, ms. */
  readonly whole: number;
  /** Of these: until the engine runs the turn, and while a statement was waited for, p50, ms. */
  readonly added: number;
  readonly added95: number;
  readonly perSecond: number;
  /** Resident memory of the process afterwards, with Parley, models and platform in it, MB. */
  readonly memory: number;
}

const WARM_UP = 30;
const ONE_BY_ONE = 200;
/** Conversations that have a turn running or waiting at any time. */
const AT_ONCE = 32;
/** For each of the two parts, ms. */
const PATIENCE_MS = 120_000;

export async function measureTurns(
  raw: Database,
  folder: string,
  turns: number,
): Promise<TurnFigures> {
  const { db, waits } = timeDatabase(raw);
  const marks = { began: 0 };
  const done = createCounter();
  const problems: unknown[] = [];
  const parley = await openBenchParley({
    db,
    folder,
    team: teamOf(["ada", "ben"], 0),
    listener: {
      turnEvent(_, { type }) {
        if (type !== "turn_started") return;
        marks.began = performance.now();
        waits.reset();
      },
      turnDone: () => done.add(),
      problem: (problem) => void problems.push(problem),
    },
  });
  try {
    const one = await oneByOne(parley, { marks, waits, done });
    const perSecond = await manyAtOnce(parley, turns, done);
    if (problems.length > 0) throw new Error(`Something went wrong: ${String(problems[0])}`);
    return { ...one, perSecond, memory: process.memoryUsage.rss() / 2 ** 20 };
  } finally {
    await parley.close();
  }
}

interface Measuring {
  readonly marks: { readonly began: number };
  readonly waits: Waits;
  readonly done: Counter;
}

async function oneByOne(parley: BenchParley, { marks, waits, done }: Measuring) {
  const wholes: number[] = [];
  const added: number[] = [];
  for (let n = 0; n < WARM_UP + ONE_BY_ONE; n++) {
    const answered = Promise.withResolvers<void>();
    const asked = performance.now();
    parley.onFinal(() => {
      wholes.push(performance.now() - asked);
      added.push(marks.began - asked + waits.total());
      answered.resolve();
    });
    await parley.ask(`one-${n}`, "Should we keep the plan, or change it?");
    await inTime(answered.promise);
    await done.reached(n + 1);
  }
  const late = (values: readonly number[]) => values.slice(WARM_UP);
  return {
    whole: share(late(wholes), 0.5),
    added: share(late(added), 0.5),
    added95: share(late(added), 0.95),
  };
}

async function manyAtOnce(parley: BenchParley, turns: number, done: Counter): Promise<number> {
  parley.onFinal(() => {});
  const before = done.count();
  const started = performance.now();
  for (let n = 0; n < turns; n++) {
    await done.reached(before + n - AT_ONCE);
    void parley.ask(`many-${n}`, "Should we keep the plan, or change it?");
  }
  await done.reached(before + turns);
  return turns / ((performance.now() - started) / 1000);
}

interface Counter {
  add(): void;
  count(): number;
  /** Resolves when there are so many. */
  reached(count: number): Promise<void>;
}

function createCounter(): Counter {
  const state = { count: 0 };
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  return {
    add() {
      state.count++;
      waiting.get(state.count)?.resolve();
      waiting.delete(state.count);
    },
    count: () => state.count,
    reached(count) {
      if (state.count >= count) return Promise.resolve();
      const reached = waiting.get(count) ?? Promise.withResolvers<void>();
      waiting.set(count, reached);
      return inTime(reached.promise);
    },
  };
}

async function inTime(promise: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("A turn did not end.")), PATIENCE_MS);
  try {
    await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The value below which a share of all stand. */
export function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
