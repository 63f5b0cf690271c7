import { type BoundedMap, createBoundedMap } from "../../bounded-map.ts";
import type { Clock } from "../../clock.ts";
import { TOO_LATE } from "../../delivery/status-post.ts";
import { TurnId } from "../../ids.ts";
import { PlatformError } from "../../platform.ts";
import { forPeople } from "../../progress/for-people.ts";
import { statusView } from "../../progress/status-view.ts";
import type { Lock } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import { FencedError } from "../../store/store-error.ts";
import type { Turn } from "../../store/tables/turn.ts";
import { sleep } from "../../timers.ts";
import type { TurnEngine } from "../engine/engine.ts";
import type { PlatformRegistry } from "../platform-registry.ts";
import { readSnapshot } from "../team-snapshot.ts";
import { queuedState } from "./opening.ts";

/** A turn that waits less than this shows no status of its own, ms. */
const SHORT_MS = 250;
/** Interval of the looks for waiting turns while this process is full, ms. */
const LOOK_MS = 1_000;
/** Where several processes share the store, another one may take a new turn within this time, ms. */
const OTHERS_MS = 1_000;
/** Status messages that this process posts at once. */
const AT_ONCE = 50;
/** Turns whose status could not be posted, and is not tried again. */
const REMEMBERED = 1_000;
/** How long a turn that starts waits for the status that another process is posting, ms. */
const BOARD_MS = 5_000;
const BOARD_LOOK_MS = 50;

/** The notice channel for the id of a turn that starts after people saw it wait. */
const BEGUN_CHANNEL = "queued_turn_begun";

/** Shows people that their turns wait for a process, and ends those that wait too long. */
export interface QueuedBoards {
  start(): Promise<void>;
  /** A turn found no room. */
  wake(): void;
  /** Resolves once nobody posts the status of a turn that people saw wait, so that the turn, which starts, posts no second one. */
  readonly letGo: (turn: Turn) => Promise<void>;
  /** Shows nothing more. Never rejects. */
  stop(): Promise<void>;
}

export interface QueuedBoardsOptions {
  readonly store: Pick<Store, "db" | "turns">;
  readonly engine: Pick<TurnEngine, "isFull" | "hurry">;
  readonly registry: Pick<PlatformRegistry, "of" | "platforms">;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly onProblem: (problem: unknown, turn: Turn | null) => void;
}

interface Posting {
  readonly unwanted: AbortController;
  readonly done: Promise<void>;
}

type Boards = QueuedBoardsOptions & {
  /** When this process began to watch. */
  readonly since: number;
  /** The posts under way. */
  readonly posting: Map<TurnId, Posting>;
  readonly refused: BoundedMap<TurnId, true>;
};

/**
 * While every slot of this process is taken. The turns stay queued in the store, so that any process with room can take them; only the status is
 * posted for them, by one process at a time.
 */
export function createQueuedBoards(options: QueuedBoardsOptions): QueuedBoards {
  const { store, engine, clock } = options;
  const boards: Boards = {
    ...options,
    since: clock.now(),
    posting: new Map(),
    refused: createBoundedMap(REMEMBERED),
  };
  const state = { isBusy: false, isOver: false };
  const endings: (() => Promise<void>)[] = [];

  const look = async (): Promise<void> => {
    await showUnseen(boards);
    await endOverdue(boards);
  };
  const plan = (ms: number): void => {
    if (state.isBusy || state.isOver) return;
    state.isBusy = true;
    const cancel = clock.setTimer(ms, () => {
      endings.splice(endings.indexOf(end), 1);
      void work();
    });
    const end = async () => cancel();
    endings.push(end);
  };
  const work = async (): Promise<void> => {
    if (engine.isFull()) {
      await look().catch((problem: unknown) => options.onProblem(problem, null));
    }
    state.isBusy = false;
    if (engine.isFull()) plan(LOOK_MS);
  };
  return {
    wake: () => plan(SHORT_MS),
    letGo: (turn) => letGo(boards, turn),
    async start() {
      const stop = (turn: string) => void cancelPost(boards, TurnId.parse(turn));
      endings.push(await store.db.listen(BEGUN_CHANNEL, stop));
    },
    async stop() {
      state.isOver = true;
      for (const id of boards.posting.keys()) void cancelPost(boards, id);
      for (const end of endings.splice(0)) await end();
    },
  };
}

/** Resolves when this process does not post the turn's status any more. */
async function cancelPost({ posting }: Boards, turn: TurnId): Promise<void> {
  posting.get(turn)?.unwanted.abort(TOO_LATE);
  await posting.get(turn)?.done;
}

async function letGo(boards: Boards, turn: Turn): Promise<void> {
  const { store, clock } = boards;
  if (turn.queuedSince === null || turn.epoch > 1) return;
  await cancelPost(boards, turn.id);
  await store.db.notify(BEGUN_CHANNEL, turn.id);
  const end = clock.now() + BOARD_MS;
  for (;;) {
    const lock = await store.db.lock(boardOf(turn));
    if (lock) return lock.release();
    if (clock.now() > end) return;
    await sleep(clock, BOARD_LOOK_MS);
  }
}

async function showUnseen(boards: Boards): Promise<void> {
  const { store, registry, wallClock, posting, refused } = boards;
  // The embedded store has one process, which is full.
  const graceMs = store.db.dialect === "sqlite" ? 0 : OTHERS_MS;
  for (const { name } of registry.platforms()) {
    const most = AT_ONCE + refused.entries().length;
    const unseen = await store.turns.unseenQueued(name, { before: wallClock() - graceMs, most });
    for (const turn of unseen) {
      if (!posting.has(turn.id) && !refused.get(turn.id)) show(boards, turn);
    }
  }
}

function show(boards: Boards, turn: Turn): void {
  const unwanted = new AbortController();
  const done = post(boards, turn, unwanted.signal).finally(() => boards.posting.delete(turn.id));
  boards.posting.set(turn.id, { unwanted, done });
}

/** Posts the status of a waiting turn, unless another process does. Never rejects. */
async function post(boards: Boards, turn: Turn, signal: AbortSignal): Promise<void> {
  let lock: Lock | null = null;
  try {
    lock = await boards.store.db.lock(boardOf(turn));
    if (lock) await postQueued(boards, turn, signal);
  } catch (problem) {
    if (problem === TOO_LATE || problem instanceof FencedError || isLimited(problem)) return;
    boards.refused.set(turn.id, true);
    boards.onProblem(problem, turn);
  } finally {
    await lock?.release();
  }
}

/** The next look tries again. */
const isLimited = (problem: unknown): boolean =>
  problem instanceof PlatformError && problem.outcome === "rate_limited";

async function postQueued(
  { store, registry }: Boards,
  { id, team, conversation }: Turn,
  signal: AbortSignal,
): Promise<void> {
  const policy = readSnapshot(team)?.policy;
  if (!policy) return;
  const turn = await store.turns.markQueued(id, policy.limits.queue_timeout * 1000);
  const state = turn && queuedState(turn);
  if (!state) return;
  const view = statusView(forPeople(state, conversation));
  await registry.of(conversation).delivery.queued(turn, view, signal);
}

async function endOverdue({ store, engine, registry, clock, since }: Boards): Promise<void> {
  await store.turns.expireQueued(clock.now() - since);
  for (const { name } of registry.platforms()) {
    for (const turn of await store.turns.endingQueued(name)) await engine.hurry(turn);
  }
}

const boardOf = ({ id }: Pick<Turn, "id">): string => `queued status ${id}`;
