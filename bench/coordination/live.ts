import { monitorEventLoopDelay } from "node:perf_hooks";
import { systemClock } from "../../src/clock.ts";
import type { MoveHooks, MoveRequest, MoveResult } from "../../src/coordination/move.ts";
import { runTurn } from "../../src/coordination/runner/runner.ts";
import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import { createLoopGate, type LoopGate } from "../../src/loop-gate.ts";
import { createScenario, type Scenario } from "./scenario.ts";
import { promptTokens, resultOf, turnStarted } from "./simulate.ts";

interface LiveOptions {
  readonly limits?: Record<string, number>;
  readonly onEvent?: (event: TurnEvent) => void;
  readonly append?: () => Promise<void>;
  /** Default: one of its own. */
  readonly gate?: LoopGate;
  readonly latencyMs: (agent: number, move: MoveRequest) => number;
  readonly onAbort?: (move: MoveRequest) => void;
}

/** One turn of the real runner in real time. */
function live(scenario: Scenario, options: LiveOptions) {
  const startMove = (move: MoveRequest, hooks: MoveHooks) =>
    new Promise<MoveResult>((resolve) => {
      const agent = Number(move.agent.slice(1));
      const end = () => resolve(resultOf(scenario, agent, move));
      const ms = options.latencyMs(agent, move);
      if (ms === 0) return end();
      const timer = setTimeout(end, ms);
      hooks.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        options.onAbort?.(move);
        end();
      });
    });
  return runTurn([turnStarted(scenario.agents, { limits: options.limits ?? {} })], {
    clock: systemClock,
    gate: options.gate ?? createLoopGate(),
    journal: {
      append: options.append ?? (async () => {}),
      close: async () => null,
    },
    estimate: async (move) => ({ tokens: promptTokens(move), costUsd: 0 }),
    route: async () => ({ mode: "team", reason: "", usage: null }),
    onEvent: (event) => options.onEvent?.(event),
    onDelta: () => {},
    startMove,
  }).done;
}

/** 1,000 turns of five zero-latency agents at once, in one process. */
export async function runManyTurns(turns = 1_000) {
  const memoryBefore = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  // A journal gives the event loop a turn of its own with each write; the models here never do.
  const append = () => new Promise<void>((resolve) => setImmediate(resolve));
  const gate = createLoopGate();
  const running = Array.from({ length: turns }, (_, turn) =>
    live(createScenario(5, "uniform", turn), { append, gate, latencyMs: () => 0 }),
  );
  await Promise.all(running);
  const seconds = (performance.now() - started) / 1000;
  delay.disable();
  return {
    turns,
    turnsPerSecond: turns / seconds,
    loopP99Ms: delay.percentile(99) / 1e6,
    memoryMb: (process.memoryUsage().rss - memoryBefore) / 2 ** 20,
  };
}

/** Share of a turn's wall time that its models' latencies do not explain. */
export async function measureOverhead(rounds = 10): Promise<number> {
  const shares: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const latencyMs = (agent: number, move: MoveRequest) =>
      (move.kind === "answer" ? 200 : 150) + 10 * agent;
    const critical = 200 + 40 + 150 + 40;
    const started = performance.now();
    await live(createScenario(5, "uniform", round), { latencyMs });
    shares.push((performance.now() - started - critical) / critical);
  }
  // Timers of the machine fire late by up to a millisecond: the median says what orchestration adds.
  return shares.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

/** Longest time, ms, from the event that made a move stale (the close by grace) to its abort. */
export async function measureAbort(rounds = 20): Promise<number> {
  let worst = 0;
  for (let round = 0; round < rounds; round++) {
    let closedAt = 0;
    await live(createScenario(5, "uniform", round), {
      limits: { grace: 0.02 },
      latencyMs: (agent, move) => (move.kind === "review" && agent === 4 ? 60_000 : 5),
      onEvent: ({ type }) => {
        if (type === "turn_closed") closedAt = performance.now();
      },
      onAbort: () => {
        worst = Math.max(worst, performance.now() - closedAt);
      },
    });
  }
  return worst;
}
