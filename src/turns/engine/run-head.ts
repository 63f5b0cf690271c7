import { type ConversationId, TurnId } from "../../ids.ts";
import { withTimeout } from "../../timers.ts";
import { owningStrays } from "../../stray-errors.ts";
import { FencedError, StoreError } from "../../store/store-error.ts";
import { type Turn, TurnStop } from "../../store/tables/turn.ts";
import { STOP_CHANNEL } from "../../store/tables/turns.ts";
import { TurnInterrupted, TurnSteppedBack } from "./engine.ts";
import type { RunTurn } from "./engine.ts";
import type { EngineOptions } from "./engine-options.ts";

/** The turns that a process runs, and how they are told to stop. */
export type RunningTurns = Map<TurnId, AbortController>;

export interface Runner {
  readonly running: RunningTurns;
  /** Aborted when the process leaves. */
  readonly leaving: AbortSignal;
  readonly run: RunTurn;
  /** Who runs them, where several processes could; else null. */
  readonly owner: string | null;
  /** Whether a turn that this version cannot read is to be given up, rather than left to a process that can. */
  readonly isHopeless: (turn: Turn, error: unknown) => Promise<boolean>;
}

/** A conversation whose next turn is to be run. */
export interface Lane {
  readonly conversation: ConversationId;
  /** Aborted when this process has lost the right to run it; whoever has it now needs no word from here. */
  readonly lost?: AbortSignal;
}

/** `ended`: whatever its outcome; `handed_over`: the process leaves, and the turn goes on elsewhere; `stepped_back`: another one comes first; `unreadable`: another version is to run it; `none`: there was no turn to run. */
export type HeadRun = "ended" | "handed_over" | "stepped_back" | "unreadable" | "none";

/** Runs the turn at the head of a lane. Rejects when it could not be run and is to be tried again, with a `FencedError` when somebody else runs it. */
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
  // Before the start, so that no stop falls between the two.
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
  // More starts than attempts: its process died every time.
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

/** Errors that go astray in a turn are that turn's: it is broken off, and fails with them once it has let go. */
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
  // Nobody awaits it unless an error goes astray.
  stray.promise.catch(() => {});
  await Promise.race([running, stray.promise]);
}

/** Why a start that failed is not the turn's doing and does not count as an attempt; null: it does. */
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

/** A full disk or a lost database is not the turn's doing: it is tried until that passes, and never given up for it. */
const isStoreUnavailable = (error: unknown): boolean =>
  error instanceof StoreError && ["busy", "full", "unreachable", "read_only"].includes(error.kind);

/** Neither is that a newer version has had it: one that can read it is on its way in, or out. */
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

/** Brings stops, from whichever process, to the turns that run here. The result ends it. */
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
