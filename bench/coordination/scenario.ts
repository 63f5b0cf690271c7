import type { MoveRequest } from "../../src/coordination/move.ts";
import { createRandom, normal } from "../random.ts";

export type LatencyKind = "fixed" | "uniform" | "heavy";

/** How long a team's models take (simulated ms) and who improves its answer. */
export interface Scenario {
  readonly agents: number;
  readonly answerMs: readonly number[];
  readonly reviewMs: (agent: number, review: number) => number;
  readonly revises: (agent: number, move: MoveRequest) => boolean;
  readonly score: () => number;
}

/**
 * Staggered agents, as MassGen was measured with: `fixed`, one second apart; `uniform`, 2–12 s; `heavy`, log-normal around 4 s with one
 * straggler at 14 s, inside `gather` of the first answer. `late`: the last one answers 5 s after `gather` has passed.
 */
export function createScenario(
  agents: number,
  kind: LatencyKind,
  seed: number,
  options: { late?: boolean; revises?: Scenario["revises"] } = {},
): Scenario {
  const random = createRandom(seed * 31 + agents);
  const answerMs = Array.from({ length: agents }, (_, i) => answerLatency(kind, i, random));
  if (kind === "heavy") answerMs[agents - 1] = 14_000;
  if (options.late) answerMs[agents - 1] = Math.min(...answerMs) + 20_000;
  return {
    agents,
    answerMs,
    reviewMs: (agent) => (kind === "fixed" ? 2_000 + 200 * agent : 1_000 + 5_000 * random()),
    revises: options.revises ?? (() => false),
    score: () => Math.round(10 * random()),
  };
}

function answerLatency(kind: LatencyKind, agent: number, random: () => number): number {
  if (kind === "fixed") return 2_000 + 1_000 * agent;
  if (kind === "uniform") return 2_000 + 10_000 * random();
  return Math.min(12_000, 4_000 * Math.exp(0.5 * normal(random)));
}
