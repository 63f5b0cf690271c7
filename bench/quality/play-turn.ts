import { advance, fold } from "../../src/coordination/advance.ts";
import type { MoveRequest, MoveResult } from "../../src/coordination/move.ts";
import { nextMoves } from "../../src/coordination/next-moves.ts";
import { outcomeOf } from "../../src/coordination/outcome.ts";
import type { TurnPorts } from "../../src/coordination/runner/ports.ts";
import type { Draft, EventOf } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import type { Results } from "./record-results.ts";

/** A turn that has ended. */
export interface Played {
  readonly state: TurnState;
  /** Moves that were started. */
  readonly calls: number;
}

/** What looks at answers without a model. */
export type CheckAnswer = NonNullable<TurnPorts["check"]>;

interface Running {
  readonly move: MoveRequest;
  readonly result: Promise<MoveResult>;
}

interface Stage {
  state: TurnState;
  running: Running[];
  calls: number;
  readonly checked: Set<string>;
}

/** What a turn is played with. */
interface Playing {
  readonly results: Results;
  readonly random: () => number;
  /** Absent: nothing is checked. */
  readonly check?: CheckAnswer | undefined;
}

/**
 * Plays one turn through the core: `nextMoves` says what to ask for, `advance` folds what comes. Moves end in a random order, and no time
 * passes while they run.
 */
export async function playTurn(start: EventOf<"turn_started">, playing: Playing): Promise<Played> {
  const stage: Stage = { state: fold([start]), running: [], calls: 0, checked: new Set() };
  while (!stage.state.outcome) {
    if (!carryOut(stage, playing.results)) await endOne(stage, playing);
  }
  return { state: stage.state, calls: stage.calls };
}

function add(stage: Stage, draft: Draft, at = stage.state.now): void {
  stage.state = advance(stage.state, { ...draft, at });
}

/** False: there is nothing to do before a move ends or time passes. */
function carryOut(stage: Stage, results: Results): boolean {
  const before = stage.state;
  const plan = nextMoves(before);
  for (const { agent, move, cause } of plan.abort) {
    add(stage, { type: "move_aborted", agent, move, cause });
    stage.running = stage.running.filter((running) => running.move.id !== move);
  }
  if (plan.close) add(stage, { type: "turn_closed", ...plan.close });
  if (plan.end) add(stage, { type: "turn_ended", outcome: plan.end });
  if (plan.reread) add(stage, { type: "reread_called", ...plan.reread });
  for (const move of plan.start) startMove(stage, move, results);
  return stage.state !== before;
}

function startMove(stage: Stage, move: MoveRequest, results: Results): void {
  const { id, agent, kind, mayRevise, steering } = move;
  const revisions = move.shown.map(({ revision }) => revision);
  const estimate = { tokens: 0, costUsd: 0 };
  add(stage, {
    type: "move_started",
    move: id,
    agent,
    kind,
    revisions,
    mayRevise,
    steering,
    estimate,
  });
  const asked = stage.state.agents.find((one) => one.id === agent)?.asked.review ?? 0;
  stage.running.push({ move, result: results.of(move, stage.state.policy, asked - 1) });
  stage.calls += 1;
}

async function endOne(stage: Stage, { random, check }: Playing): Promise<void> {
  const { running, state } = stage;
  const [ended] = running.splice(Math.floor(random() * running.length), 1);
  if (!ended) {
    const { wakeAt } = nextMoves(state);
    if (wakeAt === null) throw new Error("The turn waits for nothing.");
    return add(stage, { type: "time_passed" }, wakeAt);
  }
  const agent = state.agents.find(({ id }) => id === ended.move.agent);
  if (!agent?.move) throw new Error(`${ended.move.id} does not run.`);
  add(stage, outcomeOf(state, agent, agent.move, await ended.result));
  if (check) await addChecks(stage, check);
}

/** Reviews read what was found, as in the product. */
async function addChecks(stage: Stage, check: CheckAnswer): Promise<void> {
  for (const answer of stage.state.latest) {
    if (stage.checked.has(answer.id)) continue;
    stage.checked.add(answer.id);
    for (const { check: name, findings, more } of await check(answer, NEVER)) {
      const found = { check: name, findings: [...findings], more };
      add(stage, { type: "answer_checked", revision: answer.id, ...found });
    }
  }
}

const { signal: NEVER } = new AbortController();
