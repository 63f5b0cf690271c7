import { createCalibration } from "../../src/context/calibration.ts";
import type { MoveHooks, MoveRequest, MoveResult } from "../../src/coordination/move.ts";
import type { Policy } from "../../src/coordination/policy.ts";
import type { AgentId } from "../../src/ids.ts";
import { createMoves, type Moves } from "../../src/moves/create-moves.ts";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import type { Question } from "./question.ts";
import { createSimulatedAgent } from "./simulated-agent.ts";

/** The results of an agent's moves. A rule that asks for the same move as another one gets the same result. */
export interface Results {
  /** `nth`: which review of the agent it is, from 0. */
  of(move: MoveRequest, policy: Policy, nth: number): Promise<MoveResult>;
}

const calibration = createCalibration();
const clock = createFakeClock();
const { signal } = new AbortController();
const HOOKS: MoveHooks = {
  signal,
  onRetry: () => {},
  onQueued: () => {},
  onSent: () => {},
  onDelta: () => {},
  onUsage: () => {},
};

/** Simulated agents behind the product's moves: its prompts, its tools, and its parser of ballots. */
export function recordResults(agents: readonly AgentId[], question: Question): Results {
  const results = new Map<string, Promise<MoveResult>>();
  const seats = (nth: number) =>
    agents.map((id, seat) => ({
      id,
      instructions: "",
      backend: createSimulatedAgent(seat, { question, nth }),
      facts: { contextWindow: 128_000, maxOutputTokens: 4_000 },
      cost: () => 0,
      takesCacheLife: false,
    }));
  const moves = new Map<string, Moves>();
  const movesOf = (policy: Policy, words: string, nth: number): Moves => {
    const key = `${words} ${nth}`;
    const known = moves.get(key) ?? createMoves({ agents: seats(nth), policy, ...TURN });
    moves.set(key, known);
    return known;
  };
  return {
    async of(move, policy, nth) {
      const order = move.shown.map(({ revision }) => revision).join(" ");
      const words = wordsOf(policy, move);
      const key = [move.agent, move.kind, nth, order, words].join("|");
      const known = results.get(key);
      if (known) return known;
      const result = movesOf(policy, words, nth).start(move, HOOKS);
      results.set(key, result);
      return result;
    },
  };
}

const TURN = {
  conversation: {
    history: [],
    request: {
      id: "1",
      role: "user" as const,
      author: "Ada",
      text: "What does it come to?",
      files: [],
    },
    complete: true,
    fenceCode: "",
  },
  inbox: () => [],
  calibration,
  clock,
  signal,
};

/** What the agents of this bench make of a prompt depends on nothing else in it. */
const wordsOf = (policy: Policy, { kind, claims, chances }: MoveRequest): string =>
  [kind, claims, chances, policy.tally === "pooled"].join(" ");
