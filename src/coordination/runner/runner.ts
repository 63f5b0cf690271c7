import type { AgentId } from "../../ids.ts";
import { fold } from "../advance.ts";
import { type ModelCall, isNoteDue, startModelCall, usedSoFar } from "./model-call.ts";
import type { Close } from "../closing.ts";
import type { MoveHooks, MoveRequest, MoveResult, MoveRetry, QueueWait } from "../move.ts";
import { type Plan, nextMoves } from "../next-moves.ts";
import { outcomeOf, resultOfError } from "../outcome.ts";
import { type Checking, endChecks, startable, startChecks } from "./checking.ts";
import { prefer, steer, stop } from "./people-input.ts";
import type { Choice, TurnPorts } from "./ports.ts";
import { endRouting, type Routing, startRouting } from "./routing.ts";
import { exceeded } from "../spending.ts";
import { agentOf } from "../selectors.ts";
import type { EventOf, SteeringMessage, TurnEvent } from "../turn-event.ts";
import { createTurnRecord } from "./turn-record.ts";
import type { TurnState } from "../turn-state.ts";

/** A running turn. */
export interface RunningTurn {
  /** Resolves with the ended turn; rejects when the journal does (then nothing of this turn runs here any more). */
  readonly done: Promise<TurnState>;
  state(): TurnState;
  /** `finish`: it ends with the best answer so far, if there is one. */
  stop(by: string, reason: EventOf<"turn_stopped">["reason"] | "finish"): void;
  /** Passes a message of the inbox to the agents. */
  steer(message: SteeringMessage): void;
  /** Stops running the turn in this process: journals the usage of running moves, then `done` rejects with the reason. The turn can be resumed from its journal. */
  abandon(reason: Error): void;
  /** Applies the votes of people, given all of them in order; skips those already journaled. */
  prefer(choices: readonly Choice[]): void;
}

/**
 * Runs a turn from its journaled events (at least `turn_started`) to its end: starts the moves that `nextMoves` requests, aborts stale
 * ones, and turns every result into an event. This folder is the only impure part of the core.
 */
export function runTurn(events: readonly TurnEvent[], ports: TurnPorts): RunningTurn {
  const run: Run = {
    ports,
    record: createTurnRecord(fold(events), ports),
    running: new Map(),
    tasks: [],
    wake: () => {},
    cancelTimer: () => {},
    router: null,
    checked: new Set(),
    checks: new Set(),
    left: null,
  };
  return {
    done: drive(run),
    state: () => run.record.state,
    stop: (by, reason) => submit(run, () => stop(run.record, by, reason)),
    steer: (message) => submit(run, () => steer(run.record, message)),
    abandon: (reason) => submit(run, () => leave(run, reason)),
    prefer: (choices) => submit(run, () => prefer(run.record, choices)),
  };
}

interface Run extends Routing, Checking {
  readonly running: Map<string, ModelCall>;
  /** Inputs from outside (results, retries, people), in order. */
  readonly tasks: (() => unknown)[];
  /** Ends the wait for the next task. */
  wake: () => void;
  cancelTimer: () => void;
  /** Why this process stops running the turn; null: it continues. */
  left: Error | null;
}

/** The only loop of a turn: handle inputs, execute the plan until it is empty, write the events; then wait for an input or a deadline. */
async function drive(run: Run): Promise<TurnState> {
  const { record } = run;
  try {
    open(run);
    while (!record.state.outcome) {
      await run.ports.gate();
      for (let task = run.tasks.shift(); task; task = run.tasks.shift()) task();
      if (run.left) {
        await record.write();
        throw run.left;
      }
      startChecks(run, (task) => submit(run, task));
      while (await carryOut(run, nextMoves(record.ahead)));
      const isNews = await record.write();
      if (!isNews && !record.state.outcome) await waitForNews(run);
    }
    return record.state;
  } finally {
    run.cancelTimer();
    for (const { controller } of run.running.values()) controller.abort();
    run.router?.controller.abort();
    endChecks(run);
  }
}

/** Aborts moves whose process died, and adds what is known before the first move. */
function open({ record, ports }: Run): void {
  for (const { id: agent, move } of record.ahead.agents) {
    if (move) record.add({ type: "move_aborted", agent, move: move.id, cause: "interrupted" });
  }
  for (const draft of ports.opening ?? []) record.add(draft);
}

function submit(run: Run, task: () => unknown): void {
  run.tasks.push(task);
  run.wake();
}

function leave(run: Run, reason: Error): void {
  const moves = run.record.ahead.agents.flatMap(({ id, move }) => (move ? [{ id, move }] : []));
  for (const { id, move } of moves) if (run.running.has(move.id)) meter(run, id, move.id);
  run.left = reason;
}

/** Journals the usage of a running move so far. */
function meter({ running, record }: Run, agent: AgentId, move: string): void {
  record.add({ type: "move_metered", move, agent, usage: usedSoFar(running.get(move)) });
}

/** Executes the plan: first ends, then the close, then starts. False: there was nothing to do. */
async function carryOut(run: Run, plan: Plan): Promise<boolean> {
  const before = run.record.ahead;
  endMoves(run, plan);
  if (plan.close) endRouting(run);
  if (plan.close) await close(run, plan.close);
  if (plan.end) run.record.add({ type: "turn_ended", outcome: plan.end });
  if (plan.reread) run.record.add({ type: "reread_called", ...plan.reread });
  if (plan.route) startRouting(run, (task) => submit(run, task));
  for (const move of startable(run, plan.start)) {
    if (!(await start(run, move))) break;
  }
  setTimer(run, plan.wakeAt);
  return run.record.ahead !== before;
}

/** Ends moves and aborts their requests at once. */
function endMoves(run: Run, { abort, expire }: Plan): void {
  for (const { agent, move } of [...abort, ...expire]) {
    meter(run, agent, move);
    release(run, move);
  }
  for (const { agent, move, cause } of abort) {
    run.record.add({ type: "move_aborted", agent, move, cause });
  }
  for (const { agent, move, limit } of expire) {
    run.record.add({ type: "move_timed_out", agent, move, limit });
  }
}

/** Aborts a move's request; a later result is ignored, because the move is gone. */
function release(run: Run, move: string): void {
  run.running.get(move)?.controller.abort();
  run.running.delete(move);
}

/** New messages and votes keep the turn open: the agents see the messages, and the votes are counted first. */
async function close(run: Run, closing: Close): Promise<void> {
  const { record } = run;
  const input = await record.close(() => {
    record.add({ type: "turn_closed", ...closing });
    const { end: outcome } = nextMoves(record.ahead);
    if (outcome) record.add({ type: "turn_ended", outcome });
  });
  for (const message of input?.messages ?? []) steer(record, message);
  prefer(record, input?.choices ?? []);
}

/** False: it does not fit the budget. */
async function start(run: Run, move: MoveRequest): Promise<boolean> {
  await run.ports.gate();
  const estimate = await run.ports.estimate(move);
  const limit = exceeded(run.record.ahead, estimate);
  if (limit) {
    run.record.add({ type: "budget_reached", limit });
    return false;
  }
  const { id, agent, kind, mayRevise, steering } = move;
  const revisions = move.shown.map(({ revision }) => revision);
  const began = { kind, revisions, mayRevise, steering, estimate };
  run.record.add({ type: "move_started", move: id, agent, ...began });
  const state = run.record.ahead;
  run.record.after(() => request(run, move, state));
  return true;
}

function request(run: Run, move: MoveRequest, state: TurnState): void {
  const { id, agent } = move;
  if (agentOf(run.record.ahead, agent)?.move?.id !== id) return;
  const call = startModelCall(run.record.now());
  const { controller } = call;
  run.running.set(id, call);
  const hooks: MoveHooks = {
    signal: controller.signal,
    onRetry: (retry) => submit(run, () => retrying(run, move, retry)),
    onQueued: (wait) => submit(run, () => queued(run, move, wait)),
    onSent: () => submit(run, () => sent(run, move)),
    onDelta: (delta) => run.running.has(id) && run.ports.onDelta(agent, delta),
    onUsage(read) {
      const isDue = isNoteDue(call, read, run.record.now());
      if (isDue) submit(run, () => run.running.has(id) && meter(run, agent, id));
    },
  };
  void run.ports
    .gate()
    .then(() => run.ports.startMove(move, hooks, state))
    .catch(resultOfError)
    .then((result) => submit(run, () => finish(run, move, result)));
}

function retrying(run: Run, { id: move, agent }: MoveRequest, retry: MoveRetry): void {
  if (run.running.has(move)) run.record.add({ type: "move_retrying", move, agent, ...retry });
}

function queued({ running, record }: Run, { id: move, agent }: MoveRequest, wait: QueueWait): void {
  if (!running.has(move)) return;
  const { input, output } = usedSoFar(running.get(move));
  record.add({ type: "move_queued", move, agent, ...wait, isFresh: input + output === 0 });
}

function sent({ running, record }: Run, { id: move, agent }: MoveRequest): void {
  const isQueued = running.has(move) && agentOf(record.ahead, agent)?.move?.queue;
  if (isQueued) record.add({ type: "move_sent", move, agent });
}

function finish(run: Run, { id, agent }: MoveRequest, result: MoveResult): void {
  const state = agentOf(run.record.ahead, agent);
  if (!run.running.delete(id) || state?.move?.id !== id) return;
  run.record.add(outcomeOf(run.record.ahead, state, state.move, result));
}

function setTimer(run: Run, wakeAt: number | null): void {
  run.cancelTimer();
  run.cancelTimer =
    wakeAt === null
      ? () => {}
      : run.ports.clock.setTimer(wakeAt - run.record.now(), () =>
          submit(run, () => run.record.add({ type: "time_passed" })),
        );
}

function waitForNews(run: Run): Promise<void> {
  return new Promise((resolve) => {
    run.wake = resolve;
    if (run.tasks.length > 0) resolve();
  });
}
