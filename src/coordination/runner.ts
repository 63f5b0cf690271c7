import { advance, fold } from "./advance.ts";
import type { Close } from "./closing.ts";
import type { MoveHooks, MoveRequest, MoveResult, MoveRetry } from "./move.ts";
import { type Plan, nextMoves } from "./next-moves.ts";
import { outcomeOf, resultOfError } from "./outcome.ts";
import type { Choice, TurnPorts } from "./ports.ts";
import { exceeded } from "./spending.ts";
import { agentOf } from "./standing.ts";
import type { Draft, EventOf, SteeringMessage, TurnEvent } from "./turn-event.ts";
import type { TurnState } from "./turn-state.ts";

/** A turn under way. */
export interface RunningTurn {
  /** Resolves with the ended turn; rejects when the journal does (then nothing of this turn runs here any more). */
  readonly done: Promise<TurnState>;
  state(): TurnState;
  stop(by: string, reason: "stop" | "restart"): void;
  /** Puts a message of the inbox to the agents. */
  steer(message: SteeringMessage): void;
  /** Ends the turn here without ending it: `done` rejects with the reason, the journal stays as it is for whoever resumes it. */
  abandon(reason: Error): void;
  /** Counts the choices that people have made: all of them in their order; those that are journaled are passed over. */
  prefer(choices: readonly Choice[]): void;
}

/**
 * Runs a turn from its journaled events (at least `turn_started`) to its end: starts the moves that `nextMoves` asks for, aborts the
 * stale ones, and turns every result into an event. The only impure file of the core.
 */
export function runTurn(events: readonly TurnEvent[], ports: TurnPorts): RunningTurn {
  const state = fold(events);
  const run: Run = {
    ports,
    state,
    startedAt: ports.clock.now() - state.now,
    running: new Map(),
    tasks: [],
    wake: () => {},
    cancelTimer: () => {},
    router: null,
  };
  return {
    done: drive(run),
    state: () => run.state,
    stop: (by, reason) => submit(run, () => stop(run, by, reason)),
    steer: (message) => submit(run, () => steer(run, message)),
    abandon: (reason) => submit(run, () => Promise.reject(reason)),
    prefer: (choices) => submit(run, () => prefer(run, choices)),
  };
}

interface Run {
  readonly ports: TurnPorts;
  state: TurnState;
  /** The clock's reading at running time 0. */
  readonly startedAt: number;
  readonly running: Map<string, AbortController>;
  /** What came from outside (results, retries, people), in order; carried out one at a time. */
  readonly tasks: (() => Promise<void>)[];
  /** Ends the wait for the next task. */
  wake: () => void;
  cancelTimer: () => void;
  router: AbortController | null;
}

/** The turn's only loop: carry out the plan until it asks for nothing, then wait for a task or a deadline. */
async function drive(run: Run): Promise<TurnState> {
  try {
    await abortInterrupted(run);
    while (!run.state.outcome) {
      const task = run.tasks.shift();
      if (task) await task();
      else if (!(await carryOut(run, nextMoves(run.state)))) await waitForNews(run);
    }
    return run.state;
  } finally {
    run.cancelTimer();
    for (const controller of run.running.values()) controller.abort();
    run.router?.abort();
  }
}

/** Moves that were running when the process before this one died. */
async function abortInterrupted(run: Run): Promise<void> {
  for (const { id: agent, move } of run.state.agents) {
    if (move)
      await record(run, { type: "move_aborted", agent, move: move.id, cause: "interrupted" });
  }
}

const runningTime = (run: Run): number =>
  Math.max(run.state.now, run.ports.clock.now() - run.startedAt);

function submit(run: Run, task: () => Promise<void>): void {
  run.tasks.push(task);
  run.wake();
}

/** Stamps an event, makes it durable, and folds it: the one place where the state changes. */
async function record(run: Run, draft: Draft): Promise<void> {
  const event: TurnEvent = { ...draft, at: runningTime(run) };
  await run.ports.journal.append(event);
  take(run, event);
}

/** Folds what is durable. */
function take(run: Run, event: TurnEvent): void {
  run.state = advance(run.state, event);
  run.ports.onEvent(event, run.state);
}

async function stop(run: Run, by: string, reason: "stop" | "restart"): Promise<void> {
  if (!run.state.stopped) await record(run, { type: "turn_stopped", by, reason });
}

async function prefer(run: Run, choices: readonly Choice[]): Promise<void> {
  for (const { person, revision } of choices.slice(run.state.choices)) {
    if (!run.state.closing) await record(run, { type: "preference_given", person, revision });
  }
}

async function steer(run: Run, message: SteeringMessage): Promise<void> {
  const isKnown = run.state.inbox.some(({ id }) => id === message.id);
  if (!isKnown && !run.state.closing) await record(run, { type: "message_steered", message });
}

/** Does what the plan says: ends first, then the close, then starts. False: there was nothing to do. */
async function carryOut(run: Run, plan: Plan): Promise<boolean> {
  const before = run.state;
  await endMoves(run, plan);
  if (plan.close) await close(run, plan.close);
  if (plan.end) await record(run, { type: "turn_ended", outcome: plan.end });
  if (plan.route) startRouting(run);
  for (const move of plan.start) {
    if (!(await start(run, move))) break;
  }
  setTimer(run, plan.wakeAt);
  return run.state !== before;
}

/** All requests are aborted before the first event about it is written. */
async function endMoves(run: Run, { abort, expire }: Plan): Promise<void> {
  for (const { move } of [...abort, ...expire]) release(run, move);
  for (const { agent, move, cause } of abort) {
    await record(run, { type: "move_aborted", agent, move, cause });
  }
  const message = `no result within ${run.state.policy.limits.move_timeout} s`;
  for (const { agent, move } of expire) {
    await record(run, {
      type: "move_failed",
      agent,
      move,
      failure: "timeout",
      message,
      usage: null,
    });
  }
}

/** Aborts a move's request; what it still returns finds no move to belong to. */
function release(run: Run, move: string): void {
  run.running.get(move)?.abort();
  run.running.delete(move);
}

/** What people said in the meantime keeps the turn open: messages are put to the agents, choices are counted first. */
async function close(run: Run, closing: Close): Promise<void> {
  const event: EventOf<"turn_closed"> = { type: "turn_closed", ...closing, at: runningTime(run) };
  const { messages, choices } = await run.ports.journal.close(event);
  if (messages.length + choices.length === 0) take(run, event);
  for (const message of messages) await steer(run, message);
  await prefer(run, choices);
}

/** False: it would not fit the budget. */
async function start(run: Run, move: MoveRequest): Promise<boolean> {
  const estimate = await run.ports.estimate(move);
  const limit = exceeded(run.state, estimate);
  if (limit) {
    await record(run, { type: "budget_reached", limit });
    return false;
  }
  const { id, agent, kind, mayRevise, steering } = move;
  const revisions = move.shown.map(({ revision }) => revision);
  const began = { kind, revisions, mayRevise, steering, estimate };
  await record(run, { type: "move_started", move: id, agent, ...began });
  const controller = new AbortController();
  run.running.set(id, controller);
  const hooks: MoveHooks = {
    signal: controller.signal,
    onRetry: (retry) => submit(run, () => retrying(run, move, retry)),
    onDelta: (delta) => run.running.has(id) && run.ports.onDelta(agent, delta),
  };
  void run.ports
    .startMove(move, hooks, run.state)
    .catch(resultOfError)
    .then((result) => submit(run, () => finish(run, move, result)));
  return true;
}

async function retrying(
  run: Run,
  { id: move, agent }: MoveRequest,
  retry: MoveRetry,
): Promise<void> {
  if (run.running.has(move)) await record(run, { type: "move_retrying", move, agent, ...retry });
}

async function finish(run: Run, { id, agent }: MoveRequest, result: MoveResult): Promise<void> {
  const state = agentOf(run.state, agent);
  if (!run.running.delete(id) || state?.move?.id !== id) return;
  await record(run, outcomeOf(run.state, state, state.move, result));
}

function startRouting(run: Run): void {
  if (run.router) return;
  const controller = new AbortController();
  run.router = controller;
  void run.ports.route(controller.signal).then((routed) =>
    submit(run, async () => {
      if (run.state.mode === "auto" && !run.state.stopped) {
        await record(run, { type: "turn_routed", ...routed });
      }
    }),
  );
}

function setTimer(run: Run, wakeAt: number | null): void {
  run.cancelTimer();
  run.cancelTimer =
    wakeAt === null
      ? () => {}
      : run.ports.clock.setTimer(wakeAt - runningTime(run), () =>
          submit(run, () => record(run, { type: "time_passed" })),
        );
}

function waitForNews(run: Run): Promise<void> {
  return new Promise((resolve) => {
    run.wake = resolve;
    if (run.tasks.length > 0) resolve();
  });
}
