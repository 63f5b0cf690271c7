import { type ConversationId, TurnId } from "../../ids.ts";
import { withTimeout } from "../../timers.ts";
import { owningStrays } from "../../stray-errors.ts";
import { FencedError, StoreError } from "../../store/store-error.ts";
import { type Turn, TurnStop } from "../../store/tables/turn.ts";
import { STOP_CHANNEL } from "../../store/tables/turns.ts";
import { TurnInterrupted, TurnSteppedBack } from "./engine.ts";
import type { RunTurn } from "./engine.ts";
import type { EngineOptions } from "./engine-options.ts";

/** The turns that a process runs, and the controllers that stop them. */
export type RunningTurns = Map<TurnId, AbortController>;

export interface Runner {
  readonly running: RunningTurns;
  /** Aborted when the process shuts down. */
  readonly leaving: AbortSignal;
  readonly run: RunTurn;
  /** The id of this process where several share the store; else null. */
  readonly owner: string | null;
  /** Whether to give up a turn that this version cannot read, rather than leave it to another process. */
  readonly isHopeless: (turn: Turn, error: unknown) => Promise<boolean>;
}

/** A conversation whose next turn should run. */
export interface Lane {
  readonly conversation: ConversationId;
  /** Aborted when another process has the right to run it. */
  readonly lost?: AbortSignal;
}

/** `ended`: with any outcome; `handed_over`: the process shuts down and another one continues; `stepped_back`: an earlier turn comes first; `unreadable`: a process of another version must run it; `none`: there was no turn. */
export type HeadRun = "ended" | "handed_over" | "stepped_back" | "unreadable" | "none";

/** Runs the turn at the head of a lane. Rejects when the run failed and should be retried; with a `FencedError` when another process runs it. */
export async function runHead(
  options: EngineOptions,
  runner: Runner,
  lane: Lane,
): Promise<HeadRun> {
  const { store } = options;
  const head = await store.turns.head(lane.conversation);
  if (!head) return "none";
  const controller = new AbortController();
  const interrupt = () => controller.abort(new TurnInterrupted(null));
  lane.lost?.addEventListener("abort", interrupt);
  // Register before the start, so that no stop is missed in between.
  runner.running.set(head.id, controller);
  try {
    lane.lost?.throwIfAborted();
    const turn = await store.turns.start(head.id, runner.owner);
    if (turn?.cancel) controller.abort(new TurnInterrupted(turn.cancel));
    return turn ? await attempt(options, { ...runner, ...lane }, turn, controller) : "none";
  } finally {
    lane.lost?.removeEventListener("abort", interrupt);
    runner.running.delete(head.id);
  }
}

async function attempt(
  options: EngineOptions,
  lane: Runner & Lane,
  turn: Turn,
  controller: AbortController,
): Promise<HeadRun> {
  const { store } = options;
  // More starts than attempts means that its process died every time.
  if (turn.attempts > options.attempts) {
    return giveUp(
      options,
      turn,
      new Error(`Parley started it ${turn.attempts} times, but it never finished.`),
    );
  }
  try {
    await runOwned(options, lane.run, turn, controller);
  } catch (error) {
    if (error instanceof FencedError || lane.lost?.aborted) throw error;
    const excuse = await excuseOf(error, turn, lane);
    if (excuse) {
      await store.turns.handOver(turn.id, turn.epoch);
      if (excuse === "store_unavailable") throw error;
      return excuse;
    }
    if (turn.attempts < options.attempts && !isUnreadable(error)) throw error;
    return giveUp(options, turn, error);
  }
  await store.turns.finish(turn.id, turn.epoch, "completed");
  return "ended";
}

/** An uncaught error in a turn fails that turn: the turn is aborted, then rejects with the error. */
async function runOwned(
  { clock, leaveMs }: Pick<EngineOptions, "clock" | "leaveMs">,
  run: RunTurn,
  turn: Turn,
  controller: AbortController,
): Promise<void> {
  const stray = Promise.withResolvers<never>();
  const about = { turn: turn.id, conversation: turn.conversation };
  const fail = (problem: unknown): void => {
    controller.abort(problem);
    void withTimeout(
      clock,
      leaveMs,
      running.catch(() => {}),
    ).then(() => stray.reject(problem));
  };
  const running = owningStrays({ about, fail }, async () => run(turn, controller.signal));
  // It settles only if an error goes uncaught.
  stray.promise.catch(() => {});
  await Promise.race([running, stray.promise]);
}

/** Why a failed start does not count as an attempt, because the turn is not the cause; null: it counts. */
async function excuseOf(
  error: unknown,
  turn: Turn,
  { leaving, isHopeless }: Runner,
): Promise<"handed_over" | "stepped_back" | "unreadable" | "store_unavailable" | null> {
  if (error instanceof TurnSteppedBack) return "stepped_back";
  if (leaving.aborted) return "handed_over";
  if (isUnreadable(error) && !(await isHopeless(turn, error))) return "unreadable";
  return isStoreUnavailable(error) ? "store_unavailable" : null;
}

/** A full disk or a lost database is not caused by the turn: the engine retries until it passes and never gives the turn up for it. */
const isStoreUnavailable = (error: unknown): boolean =>
  error instanceof StoreError && ["busy", "full", "unreachable", "read_only"].includes(error.kind);

/** A newer version wrote it; during a rolling deploy a process that can read it is starting or stopping. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof StoreError && error.kind === "unreadable";

async function giveUp(options: EngineOptions, turn: Turn, error: unknown): Promise<HeadRun> {
  try {
    await options.onGivenUp(turn, error);
  } catch (problem) {
    options.onProblem(problem, turn.conversation);
  }
  await options.store.turns.finish(turn.id, turn.epoch, "failed");
  return "ended";
}

const StopNotice = TurnStop.extend({ turn: TurnId });

/** Delivers stops from any process to the turns that run here. The result unsubscribes. */
export const listenForStops = (
  { store, onProblem }: Pick<EngineOptions, "store" | "onProblem">,
  running: RunningTurns,
): Promise<() => Promise<void>> => {
  const lookAgain = async () => {
    for (const [id, controller] of running) {
      const stop = (await store.turns.get(id))?.cancel;
      if (stop) controller.abort(new TurnInterrupted(stop));
    }
  };
  return store.db.listen(
    STOP_CHANNEL,
    (payload) => {
      const { turn, ...stop } = StopNotice.parse(JSON.parse(payload));
      running.get(turn)?.abort(new TurnInterrupted(stop));
    },
    () => void lookAgain().catch((problem: unknown) => onProblem(problem, null)),
  );
};
