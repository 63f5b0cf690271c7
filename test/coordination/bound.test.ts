import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, fold } from "../../src/coordination/advance.ts";
import { isDecided } from "../../src/coordination/bound.ts";
import { pendingReviewers } from "../../src/coordination/due.ts";

import { elect } from "../../src/coordination/tally.ts";
import type { AgentState, TurnState } from "../../src/coordination/turn-state.ts";
import { type Script, play, script } from "./random-turn.ts";
import { usage } from "./table.ts";
import { propertyRuns } from "../support/property-runs.ts";

/** Teams of two to four in which reviewers agree, so that a bound has something to say. */
const agreeing = script.map((given): Script => ({
  ...given,
  agents: given.agents === 1 ? 2 : given.agents === 5 ? 4 : given.agents,
  policy: {
    ...given.policy,
    mode: "team",
    // Pooled turns have a law of their own.
    tally: given.policy.tally === "pooled" ? "scores" : given.policy.tally,
    limits: { ...given.policy.limits, gather: 0, rounds: 3, max_tokens: 100_000 },
  },
  steps: given.steps.map((step) =>
    step.do === "vote" || step.do === "improve" ? { ...step, scores: [10, 1, 0, 0] } : step,
  ),
  stopAt: undefined,
}));

/** Every way in which the outstanding scores could still come: none, or the extremes for each revision, by one reviewer after another. */
function* completions(state: TurnState, pending: readonly AgentState[]): Generator<TurnState> {
  const [reviewer, ...rest] = pending;
  if (!reviewer) {
    yield state;
    return;
  }
  yield* completions(state, rest);
  const shown = reviewer.move?.revisions ?? state.latest.map(({ id }) => id);
  for (let mask = 0; mask < 2 ** shown.length; mask++) {
    const scores = Object.fromEntries(shown.map((id, bit) => [id, mask & (1 << bit) ? 10 : 0]));
    const voted = advance(state, {
      type: "vote_cast",
      at: state.now,
      move: reviewer.move?.id ?? "due",
      agent: reviewer.id,
      ballot: { scores, reason: "" },
      usage,
    });
    yield* completions(voted, rest);
  }
}

const RUNS = propertyRuns(600);

test(`a close by bound presents what every completion of the outstanding scores would, over ${RUNS} random turns`, async () => {
  let bounds = 0;
  await fc.assert(
    fc.asyncProperty(agreeing, async (given) => {
      const { table } = await play(given);
      if (table.state().closing?.closedBy !== "bound") return;
      bounds += 1;
      const at = table.events.findIndex(({ type }) => type === "turn_closed");
      const before = fold(table.events.slice(0, at));
      expect(isDecided(before)).toBe(true);
      for (const complete of completions(before, pendingReviewers(before))) {
        expect(elect(complete)?.revision).toBe(table.state().closing?.revision);
      }
    }),
    { numRuns: RUNS },
  );
  expect(bounds).toBeGreaterThan(RUNS / 20);
});
