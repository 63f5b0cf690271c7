import type { Clock } from "../../clock.ts";
import { untilAborted } from "../../timers.ts";

/** A running CLI that takes moves. */
export interface Worker {
  /** Undefined: unknown. */
  readonly pid: number | undefined;
  /** Resolves when it is gone, for whatever reason. */
  readonly exit: Promise<unknown>;
  /** It is gone, or about to go: it takes no move. */
  hasExited(): boolean;
  /** Resolves once it is gone. Never rejects. */
  end(): Promise<void>;
}

/** A worker that one move may use. */
export interface Lease<W> {
  readonly worker: W;
  /** Gives it back; only the first call counts. False: it must take no other move (an error of its protocol, a failed clear or cancel). */
  release(isFit: boolean): void;
}

/** Workers of one kind: same program, version, model, log-in and system prompt. None at first; after the first move one spare stays ready. */
export interface Pool<W> {
  /** The readiest worker, started if needed. Rejects with what `start` rejects with, or with the signal's reason. */
  lease(signal: AbortSignal): Promise<Lease<W>>;
  /** Starts a worker before the first move needs it. */
  warm(): void;
  /** Ends all workers, and rejects who waits. */
  close(): Promise<void>;
}

/** When a worker is replaced. */
export interface RecycleRules {
  readonly moves: number;
  /** Without a move. */
  readonly idleMs: number;
  /** Megabytes that it may grow beyond what it took at its start. */
  readonly growthMb: number;
}

/** Measured with 30 moves of 20 kB: Claude Code grew from 186 to 224 MB, Gemini CLI from 215 to 274, Codex from 82 to 162. */
export const RECYCLE: RecycleRules = { moves: 100, idleMs: 30 * 60_000, growthMb: 150 };

export interface PoolOptions<W extends Worker> {
  /** Moves that one worker takes at the same time. */
  readonly movesAtOnce: number;
  /** The most workers. */
  readonly most: number;
  readonly clock: Clock;
  readonly rules?: RecycleRules;
  /** Megabytes of a process with its descendants; null: unknown. */
  readonly memoryOf: (pid: number) => Promise<number | null>;
  /** Starts a worker that is ready for a move. */
  start(): Promise<W>;
}

/** A worker and what it has done. */
interface Entry<W> {
  readonly worker: W;
  running: number;
  done: number;
  isRetired: boolean;
  /** Megabytes; null: unknown. */
  atStart: Promise<number | null>;
  stopIdling: () => void;
}

interface State<W extends Worker> extends PoolOptions<W> {
  readonly entries: Set<Entry<W>>;
  readonly starting: Set<Promise<void>>;
  readonly waiting: Set<PromiseWithResolvers<Lease<W>>>;
  /** A move came: one spare worker stays ready from now on. */
  isUsed: boolean;
  isClosed: boolean;
}

const CLOSED = "Parley is shutting down.";

export function createPool<W extends Worker>(options: PoolOptions<W>): Pool<W> {
  const state: State<W> = {
    ...options,
    entries: new Set(),
    starting: new Set(),
    waiting: new Set(),
    isUsed: false,
    isClosed: false,
  };
  return {
    async lease(signal) {
      signal.throwIfAborted();
      if (state.isClosed) throw new Error(CLOSED);
      const ticket = Promise.withResolvers<Lease<W>>();
      state.isUsed = true;
      state.waiting.add(ticket);
      settle(state);
      startNeeded(state, 1);
      return untilAborted(ticket.promise, signal).catch((error: unknown) => {
        if (!state.waiting.delete(ticket)) ticket.promise.then(giveBack, () => {});
        throw error;
      });
    },
    warm: () => startNeeded(state, 1),
    async close() {
      state.isClosed = true;
      for (const ticket of state.waiting) ticket.reject(new Error(CLOSED));
      state.waiting.clear();
      const ends = [...state.entries].map((entry) => dismiss(state, entry));
      await Promise.all([...ends, ...state.starting]);
    },
  };
}

/** It came too late for who asked. */
const giveBack = (lease: Lease<unknown>): void => lease.release(true);

/** Gives workers with room to those who wait, oldest first. */
function settle<W extends Worker>(state: State<W>): void {
  for (const ticket of state.waiting) {
    const entry = readiest(state);
    if (!entry) return;
    state.waiting.delete(ticket);
    entry.running += 1;
    entry.stopIdling();
    ticket.resolve(leaseOf(state, entry));
  }
}

const hasRoom = <W extends Worker>({ movesAtOnce }: State<W>, entry: Entry<W>): boolean =>
  !entry.isRetired && !entry.worker.hasExited() && entry.running < movesAtOnce;

/** One that has worked is faster than a fresh one; the least busy one first. */
const readiest = <W extends Worker>(state: State<W>): Entry<W> | undefined =>
  [...state.entries]
    .filter((entry) => hasRoom(state, entry))
    .toSorted((a, b) => a.running - b.running || b.done - a.done)[0];

function leaseOf<W extends Worker>(state: State<W>, entry: Entry<W>): Lease<W> {
  let isOut = true;
  return {
    worker: entry.worker,
    release(isFit) {
      if (!isOut) return;
      isOut = false;
      entry.running -= 1;
      entry.done += 1;
      const { moves } = state.rules ?? RECYCLE;
      if (!isFit || entry.isRetired || entry.done >= moves) retire(state, entry);
      else if (entry.running === 0) rest(state, entry);
      settle(state);
      if (entry.isRetired) startNeeded(state, isFit ? 1 : 0);
    },
  };
}

/** An idle worker: it ends if it has grown, or after a while. */
function rest<W extends Worker>(state: State<W>, entry: Entry<W>): void {
  const { idleMs, growthMb } = state.rules ?? RECYCLE;
  entry.stopIdling();
  entry.stopIdling = state.clock.setTimer(idleMs, () => retire(state, entry));
  void growthOf(state, entry).then((growth) => {
    if (growth <= growthMb || entry.running > 0) return;
    retire(state, entry);
    startNeeded(state, 1);
  });
}

/** Megabytes since the start; 0 if unknown. */
async function growthOf<W extends Worker>(
  { memoryOf }: State<W>,
  { worker, atStart }: Entry<W>,
): Promise<number> {
  const [before, now] = await Promise.all([
    atStart,
    worker.pid === undefined ? null : memoryOf(worker.pid),
  ]);
  return before === null || now === null ? 0 : now - before;
}

/** It takes no other move, and ends with the last one that it runs. */
function retire<W extends Worker>(state: State<W>, entry: Entry<W>): void {
  entry.isRetired = true;
  if (entry.running === 0) void dismiss(state, entry);
}

function dismiss<W extends Worker>(state: State<W>, entry: Entry<W>): Promise<void> {
  entry.stopIdling();
  entry.isRetired = true;
  return entry.worker.end().finally(() => state.entries.delete(entry));
}

/** Starts workers for those who wait, or so many spare ones. */
function startNeeded<W extends Worker>(state: State<W>, spare: number): void {
  const { waiting, starting, entries, movesAtOnce, most } = state;
  const free = [...entries].some((entry) => hasRoom(state, entry)) ? 1 : 0;
  const wanted = Math.max(Math.ceil(waiting.size / movesAtOnce), spare - free) - starting.size;
  const room = most - entries.size - starting.size;
  if (state.isClosed) return;
  for (let count = Math.min(wanted, room); count > 0; count -= 1) startOne(state);
}

function startOne<W extends Worker>(state: State<W>): void {
  const started: Promise<void> = state
    .start()
    .then((worker) => take(state, worker))
    .then(
      () => (state.isUsed ? 1 : 0),
      (error: unknown) => refuse(state, error),
    )
    .then((spare) => {
      state.starting.delete(started);
      startNeeded(state, spare);
    });
  state.starting.add(started);
}

async function take<W extends Worker>(state: State<W>, worker: W): Promise<void> {
  if (state.isClosed) return worker.end();
  const atStart = worker.pid === undefined ? Promise.resolve(null) : state.memoryOf(worker.pid);
  const entry = { worker, running: 0, done: 0, isRetired: false, atStart, stopIdling: () => {} };
  state.entries.add(entry);
  void worker.exit.then(() => {
    void dismiss(state, entry).then(() => startNeeded(state, 0));
  });
  rest(state, entry);
  settle(state);
}

/** Those who would have used the worker fail; others may try again, but no spare worker is. */
function refuse<W extends Worker>({ waiting, movesAtOnce }: State<W>, error: unknown): number {
  for (const ticket of [...waiting].slice(0, movesAtOnce)) {
    waiting.delete(ticket);
    ticket.reject(error);
  }
  return 0;
}
