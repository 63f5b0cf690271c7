import type { Budgets } from "../budgets/budgets.ts";
import type { Clock } from "../clock.ts";
import type { ConversationId, TurnId } from "../ids.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../store/tables/turn.ts";
import { giveUpTurn } from "../turns/concluding/give-up-turn.ts";
import type { CreateEngine } from "../turns/engine/engine-options.ts";
import type { TurnEngine } from "../turns/engine/engine.ts";
import { createLocalEngine } from "../turns/engine/local-engine.ts";
import type { PlatformRegistry } from "../turns/platform-registry.ts";
import { createQueuedBoards, type QueuedBoards } from "../turns/waiting/queued-boards.ts";
import { stepsTo, type TurnStep } from "../turns/turn-step.ts";

/** Default of PARLEY_TURNS. */
const CONCURRENCY = 256;
/** Starts of one turn before Parley gives it up. Of many processes several may crash or freeze in a row without the turn being the cause. */
const ATTEMPTS = 5;
const RETRY_MS = 2_000;
/** How long an interrupted turn may take to end its model calls. */
const LEAVE_MS = 2_000;

export interface TurnEngineOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly listener: {
    turnStep?(turn: Turn, step: TurnStep): void;
    turnDone(conversation: ConversationId, message: string, summary: null): void;
    problem(problem: unknown, about: { conversation?: ConversationId; turn?: string }): void;
  };
  readonly registry: PlatformRegistry;
  readonly newTurnId: () => TurnId;
  readonly budgets: Budgets;
  /** Default: the engine of a single process. */
  readonly createEngine?: CreateEngine | undefined;
  /** Turns that run at once; default 256. */
  readonly concurrency?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

export interface EngineWithBoards {
  readonly engine: TurnEngine;
  readonly letGoOfBoard: QueuedBoards["letGo"];
}

/** The engine that goes with the store. It runs the turns of the registered platforms, and tells people about turns that wait or that it gives up. */
export function createTurnEngine(options: TurnEngineOptions): EngineWithBoards {
  const { store, clock, listener, registry, newTurnId, budgets } = options;
  const { createEngine = createLocalEngine, concurrency = CONCURRENCY } = options;
  const { onStep } = stepsTo(listener);
  const engine = createEngine({
    store,
    clock,
    concurrency,
    attempts: ATTEMPTS,
    retryMs: RETRY_MS,
    leaveMs: LEAVE_MS,
    onFull: () => boards.wake(),
    platforms: () => registry.platforms().map(({ name }) => name),
    onProblem: (problem, conversation) =>
      listener.problem(problem, conversation ? { conversation } : {}),
    async onGivenUp(turn, error) {
      const { conversation, request, id } = turn;
      listener.problem(error, { conversation, turn: id });
      const served = registry.of(conversation);
      await giveUpTurn(turn, { store, engine, newTurnId, budgets, served, clock, onStep });
      listener.turnDone(conversation, request, null);
    },
  });
  const { wallClock } = options;
  const boards = createQueuedBoards({
    store,
    registry,
    engine,
    clock,
    wallClock,
    onProblem: (problem, turn) =>
      listener.problem(problem, turn ? { conversation: turn.conversation, turn: turn.id } : {}),
  });
  return { engine: showing(engine, boards), letGoOfBoard: boards.letGo };
}

/** Shows who waits while the engine runs turns. */
const showing = (engine: TurnEngine, boards: QueuedBoards): TurnEngine => ({
  ...engine,
  async start(run) {
    await boards.start();
    await engine.start(run);
  },
  async drain(graceMs) {
    await boards.stop();
    await engine.drain(graceMs);
  },
});
