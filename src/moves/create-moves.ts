import { formatOmission, NOTHING_OMITTED, type Omission, worstOf } from "../context/omission.ts";
import { LIFE_MS } from "../coordination/cache-life.ts";
import { untilAborted } from "../timers.ts";
import type { EstimateMove, MoveHooks, MoveRequest, MoveResult } from "../coordination/move.ts";
import type { MoveAgent, MovesOptions } from "./moves-options.ts";
import { createMeter, type Meter } from "./meter.ts";
import { createLeftOutFiles } from "./left-out-files.ts";
import { type Play, playMove } from "./play-move.ts";
import { cacheOf, modelOf, reservedFor } from "./prompt-of-move.ts";
import { createTurnPrompts } from "./turn-prompts.ts";

/** The moves of one turn. */
export interface Moves {
  /** Never rejects. Resolves immediately when its signal aborts; ignore that result. */
  start(move: MoveRequest, hooks: MoveHooks): Promise<MoveResult>;
  readonly estimate: EstimateMove;
  /** A footer line on what at least one agent could not read; empty if all read everything. */
  omissions(): readonly string[];
}

export function createMoves(options: MovesOptions): Moves {
  const agents = new Map(options.agents.map((agent) => [agent.id, agent]));
  const prompts = createTurnPrompts(options);
  let omission: Omission = NOTHING_OMITTED;
  const leftOut = createLeftOutFiles(options.conversation);
  return {
    start(move, hooks) {
      const agent = agents.get(move.agent);
      if (!agent) return Promise.resolve(unknownAgent(move));
      const prompt = async () => {
        const built = await prompts.take(move, agent);
        omission = worstOf(omission, built.omission);
        return built;
      };
      const deadline = options.clock.now() + options.policy.limits.move_timeout * 1000;
      const meter = meterOf(agent, options, move);
      const onLeftOut = leftOut.of(agent);
      const play: Play = { agent, move, hooks, options, prompt, deadline, meter, onLeftOut };
      return untilAborted(playAndLearn(play), hooks.signal, () => aborted(play));
    },
    async estimate(move) {
      const agent = agents.get(move.agent);
      if (!agent) return { tokens: 0, costUsd: 0 };
      const { tokens: input } = await prompts.prepare(move, agent);
      const reserved = reservedFor(agent);
      const output = Math.min(reserved, agent.expectedOutput?.(move.kind) ?? reserved);
      const price = (written: number) =>
        agent.cost({ input, cached: 0, cacheWritten: 0, output: written });
      const prompt = { tokens: input, costUsd: price(0) };
      return { tokens: input + output, costUsd: price(output), prompt };
    },
    omissions: () =>
      [formatOmission(omission), ...leftOut.lines()].filter((line) => line !== undefined),
  };
}

/** Only whole moves of the agent's own model tell what it usually writes. */
async function playAndLearn(play: Play): Promise<MoveResult> {
  const { hooks, options } = play;
  let tookOver = false;
  const onRetry: MoveHooks["onRetry"] = (retry) => {
    tookOver ||= retry.backend !== undefined;
    hooks.onRetry(retry);
  };
  const result = await playMove({ ...play, hooks: { ...hooks, onRetry } });
  if (!tookOver) learnOutput(options, play, result);
  return result;
}

function learnOutput({ outputs }: MovesOptions, { agent, move }: Play, result: MoveResult): void {
  if (result.kind === "failed" || result.usage.estimated) return;
  outputs?.learn(modelOf(agent), move.kind, result.usage.output);
}

/** Estimates cache hits from the last prompt with the same prefix. */
function meterOf(agent: MoveAgent, options: MovesOptions, move: MoveRequest): Meter {
  const { calibration, clock, cache } = options;
  const prefix = cacheOf(agent, options, move);
  const life = cache?.life ?? "5m";
  const before = () =>
    calibration.lastCached(prefix, clock.now()) ?? { idleMs: cache?.idleMs ?? null, kept: 0 };
  return createMeter({
    clock,
    cost: agent.cost,
    fallbackCost: agent.fallbackCost,
    expectCached: (promptTokens) =>
      calibration.expectCached(prefix, promptTokens, clock.now(), LIFE_MS[life]),
    ...(cache && agent.takesCacheLife && { cache: { life, before } }),
  });
}

const unknownAgent = (move: MoveRequest): MoveResult => ({
  kind: "failed",
  failure: "bad_request",
  message: `the team has no agent ${move.agent}`,
  usage: null,
});

const aborted = (play: Play): MoveResult => ({
  kind: "failed",
  failure: "incomplete",
  message: "aborted",
  usage: play.meter.read(),
});
