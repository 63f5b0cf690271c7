import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, fold } from "../../../src/coordination/advance.ts";
import { isDecided } from "../../../src/coordination/bound.ts";
import { pendingReviewers } from "../../../src/coordination/due.ts";
import { marginOf } from "../../../src/coordination/pooled/rank-groups.ts";
import { CLEAR, mayReread } from "../../../src/coordination/pooled/reread.ts";
import { standingGroups } from "../../../src/coordination/tally.ts";
import type { AgentState, TurnState } from "../../../src/coordination/turn-state.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { type Script, play, script } from "../random-turn.ts";
import { usage } from "../table.ts";

/** Teams of three and four whose reviewers agree on the scores and, often, on the result. */
const agreeing = script.map((given): Script => ({
  ...given,
  agents: given.agents % 2 === 0 ? 4 : 3,
  policy: {
    ...given.policy,
    mode: "team",
    tally: "pooled",
    limits: { ...given.policy.limits, gather: 0, rounds: 3, max_tokens: 100_000 },
  },
  steps: given.steps.map((step) =>
    step.do === "vote" || step.do === "improve" ? { ...step, scores: [10, 1, 0, 0] } : step,
  ),
  stopAt: undefined,
}));

/** Every way in which the outstanding ballots could still come: none, or extremes for each answer, with and without equal ones. */
function* completions(
  state: TurnState,
  pending: readonly AgentState[],
  areAlike: boolean,
): Generator<TurnState> {
  const [reviewer, ...rest] = pending;
  if (!reviewer) {
    yield state;
    return;
  }
  yield* completions(state, rest, areAlike);
  const shown = reviewer.move?.revisions ?? state.latest.map(({ id }) => id);
  const [first, ...others] = shown;
  const same = first && areAlike ? Object.fromEntries(others.map((id) => [id, first])) : {};
  for (let mask = 0; mask < 2 ** shown.length; mask++) {
    const scores = Object.fromEntries(shown.map((id, bit) => [id, mask & (1 << bit) ? 10 : 0]));
    const voted = advance(state, {
      type: "vote_cast",
      at: state.now,
      move: reviewer.move?.id ?? "due",
      agent: reviewer.id,
      ballot: { scores, reason: "", same },
      usage,
    });
    yield* completions(voted, rest, areAlike);
  }
}

const RUNS = propertyRuns(300);

test(`a close by bound presents the result that every completion of the outstanding ballots would, and none of them calls for another reading, over ${RUNS} random turns`, async () => {
  let bounds = 0;
  await fc.assert(
    fc.asyncProperty(agreeing, async (given) => {
      const { table } = await play(given);
      const { closing } = table.state();
      if (closing?.closedBy !== "bound") return;
      bounds += 1;
      const at = table.events.findIndex(({ type }) => type === "turn_closed");
      const before = fold(table.events.slice(0, at));
      expect(isDecided(before)).toBe(true);
      const pending = pendingReviewers(before);
      const ends = [false, true].flatMap((areAlike) => [...completions(before, pending, areAlike)]);
      for (const complete of ends) {
        const groups = standingGroups(complete);
        expect(groups[0]?.answers.map(({ id }) => id)).toContain(closing.revision);
        if (mayReread(before)) expect(marginOf(groups)).toBeGreaterThanOrEqual(CLEAR);
      }
    }),
    { numRuns: RUNS },
  );
  expect(bounds).toBeGreaterThan(RUNS / 40);
});
