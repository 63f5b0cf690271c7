import type { Clock } from "../clock.ts";
import { inSlices } from "../slices.ts";
import type { Store } from "../store/store.ts";
import type { Space } from "../store/tables/track-records.ts";
import { boardOf } from "./board-of.ts";
import { KEPT_TURNS, learnLevels, type Prior } from "./learn-levels.ts";

/** Learns from the records of spaces in the background: after a while, in one process at a time, in slices of the event loop. */
export interface Learner {
  /** Never throws. */
  soon(space: Space): void;
  /** Also learns from what earlier processes left. Rejects when the store does. */
  start(): Promise<void>;
  /** Learns at once what is due. Never rejects. */
  stop(): Promise<void>;
}

export interface LearnerOptions {
  readonly store: { readonly db: Pick<Store["db"], "lock"> } & Pick<Store, "trackRecords">;
  readonly clock: Clock;
  readonly prior: Prior;
  readonly onProblem: (problem: unknown) => void;
}

/** Turns that end together are learned from together, ms. */
const DEBOUNCE_MS = 5_000;
/** Until the next try while another process learns, ms. */
const BUSY_MS = 15_000;

const LOCK = "track records";

export function createLearner(options: LearnerOptions): Learner {
  const { store, clock, onProblem } = options;
  const due = new Map<string, Space>();
  let cancel: (() => void) | null = null;
  let running: Promise<void> | null = null;

  const disarm = (): void => {
    cancel?.();
    cancel = null;
  };
  const arm = (ms: number): void => {
    if (cancel || running || due.size === 0) return;
    cancel = clock.setTimer(ms, () => void run());
  };
  const run = (): Promise<void> => {
    disarm();
    running ??= learnDue(options, due)
      .catch(onProblem)
      .then((isDone) => {
        running = null;
        arm(isDone === false ? BUSY_MS : DEBOUNCE_MS);
      });
    return running;
  };
  const soon = (space: Space): void => {
    due.set(JSON.stringify([space.platform, space.space]), space);
    arm(DEBOUNCE_MS);
  };
  return {
    soon,
    async start() {
      for (const space of await store.trackRecords.unlearned()) soon(space);
    },
    async stop() {
      if (due.size > 0) await run();
      await running;
      disarm();
      due.clear();
    },
  };
}

/** False: another process learns. */
async function learnDue(options: LearnerOptions, due: Map<string, Space>): Promise<boolean> {
  const lock = await options.store.db.lock(LOCK);
  if (!lock) return false;
  try {
    for (const [key, space] of due) {
      due.delete(key);
      await learn(options, space);
    }
  } finally {
    await lock.release();
  }
  return true;
}

/** Computes everything anew from what is stored, so a process that dies here loses nothing. */
async function learn({ store, prior }: LearnerOptions, space: Space): Promise<void> {
  const records = await store.trackRecords.list(space, KEPT_TURNS);
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) return;
  const levels = await inSlices(learnLevels(records, prior));
  await store.trackRecords.keep(space, boardOf(records, levels), {
    first: first.turn,
    last: last.turn,
  });
}
