import { systemClock } from "../../../src/clock.ts";
import { createCalibration } from "../../../src/context/calibration.ts";
import type { MoveHooks, MoveResult } from "../../../src/coordination/move.ts";
import { Policy } from "../../../src/coordination/policy.ts";
import { createMoves } from "../../../src/moves/create-moves.ts";
import type { Results } from "../record-results.ts";
import { type RealQuestion, wordsOf } from "./question-file.ts";
import type { SeatedTeam } from "./seat-team.ts";

/** What the models were asked and used, over all questions. */
export interface Spent {
  calls: number;
  tokens: number;
  /** Of the calls with a known price. */
  costUsd: number;
  /** Calls without one. */
  unpriced: number;
}

const calibration = createCalibration();
const { signal } = new AbortController();
const ignore = () => {};
const hooks: MoveHooks = {
  signal,
  onRetry: ignore,
  onQueued: ignore,
  onSent: ignore,
  onDelta: ignore,
  onUsage: ignore,
};

/** Asks real models for each move once. Every rule reads the same answers and ballots, written for the same prompts. */
export function recordAnswers(
  { team, agents }: SeatedTeam,
  question: RealQuestion,
  spent: Spent,
): Results {
  const turn = {
    agents,
    teamInstructions: team.instructions,
    conversation: {
      history: [],
      request: {
        id: "1",
        role: "user" as const,
        author: "Ada",
        text: wordsOf(question),
        files: [],
      },
      complete: true,
      fenceCode: "",
    },
    inbox: () => [],
    calibration,
    clock: systemClock,
    signal,
  };
  const movesBy = (ballot: Policy["ballot"]) =>
    createMoves({ ...turn, policy: Policy.parse({ ...team.policy, tally: "pooled", ballot }) });
  const moves = { score: movesBy("score"), chance: movesBy("chance") };
  const results = new Map<string, Promise<MoveResult>>();
  return {
    of(move, _policy, nth) {
      const ballot = move.chances ? "chance" : "score";
      const key = [move.agent, move.kind, nth, ballot].join(" ");
      const known = results.get(key);
      if (known) return known;
      const result = moves[ballot].start({ ...move, claims: true }, hooks).then((done) => {
        spent.calls += 1;
        spent.tokens += (done.usage?.input ?? 0) + (done.usage?.output ?? 0);
        spent.costUsd += done.usage?.costUsd ?? 0;
        spent.unpriced += done.usage && done.usage.costUsd === null ? 1 : 0;
        return done;
      });
      results.set(key, result);
      return result;
    },
  };
}
