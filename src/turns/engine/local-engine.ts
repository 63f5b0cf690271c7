import { ConversationId, parseConversationId } from "../../ids.ts";
import { FencedError } from "../../store/store-error.ts";
import { sleep, withTimeout } from "../../timers.ts";
import { TurnInterrupted } from "./engine.ts";
import type { TurnEngine } from "./engine.ts";
import type { EngineOptions } from "./engine-options.ts";
import { createLanes } from "./lanes.ts";
import { listenForStops, runHead, type Runner, type RunningTurns } from "./run-head.ts";
import { createSlots } from "../../slots.ts";

const QUEUED_CHANNEL = "turn_queued";

/** The engine of one process over the embedded store: `turns` is the queue, the lanes are rebuilt from it at every start. */
export function createLocalEngine(options: EngineOptions): TurnEngine {
  const { store, clock } = options;
  const running: RunningTurns = new Map();
  const leaving = new AbortController();
  const unlisten: (() => Promise<void>)[] = [];
  const started: { lanes?: ReturnType<typeof createLanes> } = {};
  const room = createRoom(options);

  return {
    async start(run) {
      // No other process shares this store, so a newer version cannot return.
      const isHopeless = async () => true;
      const runner = { running, leaving: leaving.signal, run, owner: null, isHopeless };
      const lanes = createLanes(createStep(options, runner, room.take));
      started.lanes = lanes;
      const platforms = options.platforms();
      const wake = (conversation: ConversationId) => {
        if (platforms.includes(parseConversationId(conversation).platform)) {
          lanes.wake(conversation);
        }
      };
      const hear = (payload: string) => wake(ConversationId.parse(payload));
      unlisten.push(
        await store.db.listen(QUEUED_CHANNEL, hear),
        await listenForStops(options, running),
      );
      for (const conversation of await store.turns.lanes()) wake(conversation);
    },
    enqueue: (turn, t) => t.notify(QUEUED_CHANNEL, turn.conversation),
    async stop(id, stop) {
      const told = await store.turns.cancel(id, stop);
      const turn = told === "stopping" ? await store.turns.queuedHead(id) : undefined;
      if (turn) room.skip(turn.conversation);
      return told;
    },
    isFull: room.isFull,
    hurry: async ({ conversation }) => room.skip(conversation),
    async drain(graceMs) {
      leaving.abort();
      const idle = started.lanes?.whenIdle() ?? Promise.resolve();
      await withTimeout(clock, graceMs, idle);
      for (const turn of running.values()) turn.abort(new TurnInterrupted(null));
      await withTimeout(clock, options.leaveMs, idle);
      for (const stop of unlisten.splice(0)) await stop();
    },
    stats: async () => ({ queued: await store.turns.queued(null), running: running.size }),
  };
}

interface Room {
  readonly take: (conversation: ConversationId) => Promise<() => void>;
  readonly isFull: () => boolean;
  /** Lets a lane go on without a slot. */
  readonly skip: (conversation: ConversationId) => void;
}

/** The slots for turns, and who waits for one. */
function createRoom({ concurrency, onFull }: Pick<EngineOptions, "concurrency" | "onFull">): Room {
  const slots = createSlots(concurrency);
  const waiting = new Map<ConversationId, AbortController>();
  return {
    async take(conversation) {
      const skip = new AbortController();
      if (slots.isFull()) {
        waiting.set(conversation, skip);
        onFull?.();
      }
      const give = await slots.take(skip.signal);
      waiting.delete(conversation);
      return give;
    },
    isFull: () => waiting.size > 0,
    skip: (conversation) => waiting.get(conversation)?.abort(),
  };
}

/** Runs the head of a conversation's lane; false when the lane has no more work for this process. */
function createStep(options: EngineOptions, runner: Runner, take: Room["take"]) {
  return async (conversation: ConversationId): Promise<boolean> => {
    const give = await take(conversation);
    try {
      if (runner.leaving.aborted) return false;
      // "none" may also mean that the turn has just ended; the next look tells.
      return (await runHead(options, runner, { conversation })) !== "none";
    } catch (error) {
      if (error instanceof FencedError || runner.leaving.aborted) return false;
      options.onProblem(error, conversation);
    } finally {
      give();
    }
    await sleep(options.clock, options.retryMs, runner.leaving).catch(() => undefined);
    return true;
  };
}
