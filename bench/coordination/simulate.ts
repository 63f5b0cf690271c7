import { Policy } from "../../src/coordination/policy.ts";
import { runTurn } from "../../src/coordination/runner/runner.ts";
import { NO_USAGE } from "../../src/coordination/spending.ts";
import type { MoveRequest, MoveResult } from "../../src/coordination/move.ts";
import type { EventOf } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import { AgentId, TurnId } from "../../src/ids.ts";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import type { Scenario } from "./scenario.ts";

// A prompt's sizes, in tokens: rules, instructions and a thread of medium length; an answer of 1,500 characters.
const BASE_TOKENS = 3_000;
const ANSWER_TOKENS = 375;

export function turnStarted(
  agents: number,
  policy: Parameters<typeof Policy.parse>[0] = {},
): EventOf<"turn_started"> {
  return {
    type: "turn_started",
    at: 0,
    turn: TurnId.parse("bench"),
    team: "bench",
    agents: Array.from({ length: agents }, (_, i) => ({
      id: AgentId.parse(`a${i}`),
      name: `a${i}`,
    })),
    policy: Policy.parse(policy),
  };
}

export const promptTokens = (move: MoveRequest): number =>
  BASE_TOKENS + ANSWER_TOKENS * move.shown.length;

export function resultOf(scenario: Scenario, agent: number, move: MoveRequest): MoveResult {
  const scores = move.shown.map(({ label }) => ({ label, score: scenario.score() }));
  const usage = {
    input: promptTokens(move),
    cached: 0,
    output: ANSWER_TOKENS,
    costUsd: 0,
    firstTokenMs: 0,
  };
  const isText = move.kind !== "review" || (move.mayRevise && scenario.revises(agent, move));
  return isText
    ? { kind: "answered", text: `text of ${move.id}`, scores, reason: "", usage }
    : { kind: "voted", scores, reason: "", usage };
}

export interface Simulated {
  /** Model calls made, aborted ones counted. */
  readonly calls: number;
  /** Simulated ms. */
  readonly elapsedMs: number;
  /** The slowest first answer plus the slowest review that could follow it. */
  readonly criticalMs: number;
  readonly inputTokens: number;
  readonly wastedTokens: number;
  readonly state: TurnState;
}

/** One turn of the real runner on a simulated clock. */
export async function simulate(scenario: Scenario): Promise<Simulated> {
  const clock = createFakeClock();
  let calls = 0;
  let slowestReview = 0;
  const turn = runTurn([turnStarted(scenario.agents)], {
    clock,
    gate: async () => {},
    journal: { append: async () => {}, close: async () => null },
    estimate: async (move) => ({ tokens: promptTokens(move) + ANSWER_TOKENS, costUsd: 0 }),
    route: async () => ({ mode: "team", reason: "", usage: null }),
    onEvent: () => {},
    onDelta: () => {},
    startMove: (move, { onUsage }) => {
      calls += 1;
      onUsage(() => ({ ...NO_USAGE, input: promptTokens(move) }));
      const agent = Number(move.agent.slice(1));
      const isAnswer = move.kind === "answer";
      const ms = isAnswer ? (scenario.answerMs[agent] ?? 0) : scenario.reviewMs(agent, calls);
      if (!isAnswer) slowestReview = Math.max(slowestReview, ms);
      return new Promise((resolve) => {
        clock.setTimer(ms, () => resolve(resultOf(scenario, agent, move)));
      });
    },
  });
  while (!turn.state().outcome) if (!(await clock.next())) break;
  const state = await turn.done;
  return {
    calls,
    elapsedMs: state.now,
    criticalMs: Math.max(...scenario.answerMs) + slowestReview,
    inputTokens: state.spent.input,
    wastedTokens: state.wasted,
    state,
  };
}
