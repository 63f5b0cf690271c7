import { randomUUID } from "node:crypto";
import { parseConversationId } from "../../../ids.ts";
import { withTimeout } from "../../../timers.ts";
import type { Turn } from "../../../store/tables/turn.ts";
import { TurnInterrupted } from "../engine.ts";
import type { RunTurn, TurnEngine } from "../engine.ts";
import type { EngineOptions } from "../engine-options.ts";
import { createPatience } from "./patience.ts";
import { listenForStops, type RunningTurns } from "../run-head.ts";
import { createBossQueue, isDropped } from "./boss-queue.ts";
import { createFetcher, type Fetcher } from "./fetcher.ts";
import { createHeldTickets } from "./held-tickets.ts";
import { createLiveness } from "./liveness.ts";
import { repeat } from "./repeat.ts";
import { workOn } from "./work-on.ts";

/** The notification channel; its payload is the platform that has a turn to run. */
const QUEUED_CHANNEL = "turn_queued";
/** Ends the payload of notices about turns that end without room. */
const URGENT = "!";
/** Heartbeat interval, ms. One statement covers all turns of the process. */
const BEAT_MS = 1_000;
/** Interval of the checks for dead processes and for a freeze of this one, ms. */
const LOOK_MS = 400;
/** Poll interval for work whose notification was lost, ms. */
const POLL_MS = 1_000;
/** Interval of the check for turns without a ticket, ms. */
const SWEEP_MS = 2_000;

/** The engine for several processes on one PostgreSQL: pg-boss assigns turns to processes, and reassigns those of processes that died. */
export function createBossEngine(options: EngineOptions): TurnEngine {
  const { store, clock } = options;
  const own = createProcess(options);
  const { queue, held, liveness, running, leaving, endings } = own;
  let isStarted = false;

  return {
    async start(run) {
      await queue.start(options.platforms(), clock);
      isStarted = true;
      await liveness.start();
      endings.push(await listenForStops(options, running));
      await sweep(own);
      await work(own, createOwnFetcher(own, run));
    },
    async enqueue(turn, t) {
      // Each process looks for turns without a ticket when it starts.
      if (isStarted) await queue.send(turn, t);
      await t.notify(QUEUED_CHANNEL, parseConversationId(turn.conversation).platform);
    },
    async stop(id, stop) {
      const told = await store.turns.cancel(id, stop);
      const turn = told === "stopping" ? await store.turns.queuedHead(id) : undefined;
      // Otherwise the full processes hurry it.
      if (turn && isStarted) await hurry(own, turn).catch(own.onProblem);
      return told;
    },
    isFull: () => own.isOpen() && own.room() <= 0,
    hurry: (turn) => hurry(own, turn),
    async drain(graceMs) {
      leaving.abort();
      await withTimeout(clock, graceMs, held.whenIdle());
      for (const turn of running.values()) turn.abort(new TurnInterrupted(null));
      await withTimeout(clock, options.leaveMs, held.whenIdle());
      for (const end of endings.splice(0)) await end();
      await liveness.stop();
      if (isStarted) await queue.stop();
    },
    stats: async () => ({ queued: await store.turns.queued(null), running: running.size }),
  };
}

type Process = ReturnType<typeof createProcess>;

async function hurry({ queue, options }: Process, turn: Pick<Turn, "conversation">): Promise<void> {
  const { db } = options.store;
  await queue.hurry(turn.conversation);
  const { platform } = parseConversationId(turn.conversation);
  await db.notify(QUEUED_CHANNEL, `${platform}${URGENT}`);
}

function createProcess(options: EngineOptions) {
  const { store, clock, concurrency } = options;
  const onProblem = (problem: unknown) => options.onProblem(problem, null);
  const queue = createBossQueue(store.db, onProblem);
  const owner = randomUUID();
  const running: RunningTurns = new Map();
  const endings: (() => Promise<void>)[] = [];
  const held = createHeldTickets(clock, queue);
  const liveness = createLiveness({ store, clock, queue, owner });
  const leaving = new AbortController();
  return {
    options,
    queue,
    owner,
    running,
    held,
    liveness,
    leaving,
    onProblem,
    /** Whether it may take tickets. */
    isOpen: () => !leaving.signal.aborted && liveness.isSeen(),
    /** The number of tickets that it can still take. */
    room: () => concurrency - held.size,
    /** Notifies all processes that a platform has a turn to run. */
    announce: (platform: string) => store.db.notify(QUEUED_CHANNEL, platform),
    /** Stops with the process. */
    endings,
  };
}

/** Creates tickets for turns that have none. */
async function sweep({ options, queue, announce }: Process): Promise<void> {
  for (const platform of options.platforms()) {
    if ((await queue.sweep(platform)) > 0) await announce(platform);
  }
}

/** The same; recreates the queue if it was dropped. */
async function sweepOrMend(own: Process): Promise<void> {
  const { options, queue } = own;
  try {
    await sweep(own);
  } catch (problem) {
    if (!isDropped(problem)) throw problem;
    await queue.restart(options.platforms(), options.clock);
    await sweep(own);
  }
}

function createOwnFetcher(own: Process, run: RunTurn): Fetcher {
  const { options, queue, held, leaving, running, owner, announce, onProblem } = own;
  const isHopeless = createPatience(options);
  const runner = { running, leaving: leaving.signal, run, owner, isHopeless };
  const ports = { options, runner, queue, announce, rest: () => fetcher.rest() };
  const fetcher = createFetcher({
    queue,
    clock: options.clock,
    platforms: options.platforms(),
    room: own.room,
    isOpen: own.isOpen,
    onFull: () => options.onFull?.(),
    take(ticket, since) {
      const entry = held.add(ticket, since);
      void workOn(ports, entry).finally(() => {
        held.remove(entry);
        fetcher.wake();
      });
    },
    onProblem,
  });
  return fetcher;
}

/** Fetches and runs turns until the process stops. */
async function work(own: Process, fetcher: Fetcher): Promise<void> {
  const { options, held, liveness, announce, endings, onProblem } = own;
  const { store, clock } = options;
  const every = (ms: number, task: () => Promise<void>) =>
    endings.push(repeat(clock, ms, task, onProblem));
  const hear = (told: string) => {
    const urgent = told.endsWith(URGENT);
    const platform = urgent ? told.slice(0, -URGENT.length) : told;
    if (options.platforms().includes(platform)) fetcher.wake({ urgent });
  };
  endings.push(await store.db.listen(QUEUED_CHANNEL, hear, () => fetcher.wake()));
  fetcher.wake();
  every(POLL_MS, async () => fetcher.wake());
  every(BEAT_MS, () => held.beat());
  every(LOOK_MS, async () => held.dropStale());
  every(LOOK_MS, async () => {
    if ((await liveness.look()) > 0) for (const name of options.platforms()) await announce(name);
  });
  every(SWEEP_MS, () => sweepOrMend(own));
}
