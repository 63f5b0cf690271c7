import type { Clock } from "../clock.ts";
import { ConversationId, TurnId } from "../ids.ts";
import type { Store } from "../store/store.ts";
import { FencedError } from "../store/store-error.ts";
import { TurnStop } from "../store/turn.ts";
import type { Turn } from "../store/turn.ts";
import { STOP_CHANNEL } from "../store/turns.ts";
import { TurnInterrupted } from "./engine.ts";
import type { RunTurn, TurnEngine } from "./engine.ts";
import { createLanes } from "./lanes.ts";
import { createSlots } from "./slots.ts";

const QUEUED_CHANNEL = "turn_queued";

const StopNotice = TurnStop.extend({ turn: TurnId });

export interface LocalEngineOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Whether this process can run turns of that conversation; those it cannot stay queued for one that can. All, if absent. */
  readonly serves?: (conversation: ConversationId) => boolean;
  /** Turns that run at the same time. */
  readonly concurrency: number;
  /** Starts of one turn, crashes included, before it is given up. */
  readonly attempts: number;
  /** Between two starts of a turn that could not be run, ms. */
  readonly retryMs: number;
  /** How long an interrupted turn may take to let go, ms. */
  readonly leaveMs: number;
  /** A turn is given up: its person is to be told, once, and what its inbox holds taken care of. The conversation goes on when this has settled. */
  readonly onGivenUp: (turn: Turn, error: unknown) => Promise<void>;
  /** What could not be done and is tried again. */
  readonly onProblem: (problem: unknown, conversation: ConversationId) => void;
}

/** The engine of one process over the embedded store: `turns` is the queue, the lanes are rebuilt from it at every start. */
export function createLocalEngine(options: LocalEngineOptions): TurnEngine {
  const { store, clock } = options;
  const running = new Map<TurnId, AbortController>();
  const leaving = new AbortController();
  const unlisten: (() => Promise<void>)[] = [];
  const listen = async (channel: string, hear: (payload: string) => void) => {
    unlisten.push(await store.db.listen(channel, hear));
  };
  const started: { lanes?: ReturnType<typeof createLanes> } = {};

  return {
    async start(run) {
      const lanes = createLanes(createStep(options, { running, leaving: leaving.signal, run }));
      started.lanes = lanes;
      const wake = (conversation: ConversationId) => {
        if (options.serves?.(conversation) ?? true) lanes.wake(conversation);
      };
      await listen(QUEUED_CHANNEL, (payload) => wake(ConversationId.parse(payload)));
      await listen(STOP_CHANNEL, (payload) => {
        const { turn, ...stop } = StopNotice.parse(JSON.parse(payload));
        running.get(turn)?.abort(new TurnInterrupted(stop));
      });
      for (const conversation of await store.turns.lanes()) wake(conversation);
    },
    enqueue: (turn, t) => t.notify(QUEUED_CHANNEL, turn.conversation),
    stop: (turn, stop) => store.turns.cancel(turn, stop),
    async drain(graceMs) {
      leaving.abort();
      const idle = started.lanes?.whenIdle() ?? Promise.resolve();
      await within(clock, graceMs, idle);
      for (const turn of running.values()) turn.abort(new TurnInterrupted(null));
      await within(clock, options.leaveMs, idle);
      for (const stop of unlisten.splice(0)) await stop();
    },
    stats: async () => ({ queued: await store.turns.queued(null), running: running.size }),
  };
}

/** Resolves with `done`, or after `ms`. */
const within = (clock: Clock, ms: number, done: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.setTimer(ms, resolve);
    void done.then(() => {
      cancel();
      resolve();
    });
  });

interface Process {
  readonly running: Map<TurnId, AbortController>;
  readonly leaving: AbortSignal;
  readonly run: RunTurn;
}

/** Runs the head of a conversation's lane; false when the lane has nothing more for this process. */
function createStep(options: LocalEngineOptions, process: Process) {
  const take = createSlots(options.concurrency);
  return async (conversation: ConversationId): Promise<boolean> => {
    const give = await take();
    try {
      if (process.leaving.aborted) return false;
      return await runHead(options, process, conversation);
    } catch (error) {
      if (error instanceof FencedError || process.leaving.aborted) return false;
      options.onProblem(error, conversation);
    } finally {
      give();
    }
    await pause(options, process.leaving);
    return true;
  };
}

async function runHead(
  options: LocalEngineOptions,
  process: Process,
  conversation: ConversationId,
): Promise<boolean> {
  const { store } = options;
  const head = await store.turns.head(conversation);
  if (!head) return false;
  const controller = new AbortController();
  // Before the start, so that no stop falls between the two.
  process.running.set(head.id, controller);
  try {
    const turn = await store.turns.start(head.id);
    if (turn?.cancel) controller.abort(new TurnInterrupted(turn.cancel));
    if (turn) await attempt(options, process, turn, controller.signal);
    return true;
  } finally {
    process.running.delete(head.id);
  }
}

async function attempt(
  options: LocalEngineOptions,
  { run, leaving }: Process,
  turn: Turn,
  signal: AbortSignal,
): Promise<void> {
  const { store } = options;
  // More starts than attempts: its process died every time.
  if (turn.attempts > options.attempts) {
    return giveUp(
      options,
      turn,
      new Error(`It was started ${turn.attempts} times and never ended.`),
    );
  }
  try {
    await run(turn, signal);
  } catch (error) {
    if (error instanceof FencedError) throw error;
    if (leaving.aborted) return store.turns.handOver(turn.id, turn.epoch);
    if (turn.attempts < options.attempts) throw error;
    return giveUp(options, turn, error);
  }
  await store.turns.finish(turn.id, turn.epoch, "completed");
}

async function giveUp(options: LocalEngineOptions, turn: Turn, error: unknown): Promise<void> {
  try {
    await options.onGivenUp(turn, error);
  } catch (problem) {
    options.onProblem(problem, turn.conversation);
  }
  await options.store.turns.finish(turn.id, turn.epoch, "failed");
}

/** Waits before the next try; not at all when the process leaves. */
const pause = ({ clock, retryMs }: LocalEngineOptions, leaving: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      cancel();
      leaving.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.setTimer(retryMs, end);
    leaving.addEventListener("abort", end);
  });
