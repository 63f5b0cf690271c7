import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { advance, fold } from "../../../src/coordination/advance.ts";
import { MOST_EVIDENCE, readerWeight } from "../../../src/coordination/pooled/evidence.ts";
import { standingGroups, tally } from "../../../src/coordination/tally.ts";
import { RevisionId } from "../../../src/coordination/turn-event.ts";
import type { TurnState } from "../../../src/coordination/turn-state.ts";
import { AgentId } from "../../../src/ids.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { play, script, trackRecord, withSkills } from "../random-turn.ts";
import { setTable, started, usage } from "../table.ts";

const RUNS = propertyRuns(100);
const TEAM = ["ada", "ben", "cleo", "dov"] as const;

const score = fc.double({ min: 0, max: 10, noNaN: true });
/** Four agents with track records, what each claims, and one ballot of each; the last agent's may change. */
const round = fc.record({
  skills: fc.array(trackRecord, { minLength: 4, maxLength: 4 }),
  claims: fc.array(fc.constantFrom("7", "8", "9"), { minLength: 4, maxLength: 4 }),
  ballots: fc.array(fc.array(score, { minLength: 4, maxLength: 4 }), {
    minLength: 4,
    maxLength: 4,
  }),
});
type Round = typeof round extends fc.Arbitrary<infer T> ? T : never;

/** After all have answered and each has voted once. */
function judged({ skills, claims, ballots }: Round): TurnState {
  const policy = { tally: "pooled", limits: { rounds: 1, revisions_per_agent: 0 } } as const;
  let state = fold([withSkills(started([...TEAM], policy), skills)]);
  const revisions = TEAM.map((name) => RevisionId.parse(`${name}.1`));
  for (const [at, name] of TEAM.entries()) {
    const [move, agent] = [`${name}:answer`, AgentId.parse(name)];
    const revision = RevisionId.parse(`${name}.1`);
    const claim = claims[at] ?? "open";
    state = start(state, { move, agent: name, kind: "answer", revisions: [] });
    const text = `answer of ${name}`;
    state = advance(state, {
      type: "answer_given",
      at: 1,
      move,
      agent,
      revision,
      text,
      claim,
      usage,
    });
  }
  for (const [at, name] of TEAM.entries()) {
    const [move, agent] = [`${name}:review`, AgentId.parse(name)];
    const scores = Object.fromEntries(revisions.map((id, to) => [id, ballots[at]?.[to] ?? 0]));
    state = start(state, { move, agent: name, kind: "review", revisions });
    state = advance(state, {
      type: "vote_cast",
      at: 2,
      move,
      agent,
      ballot: { scores, reason: "" },
      usage,
    });
  }
  return state;
}

function start(
  state: TurnState,
  {
    move,
    agent,
    kind,
    revisions,
  }: {
    readonly move: string;
    readonly agent: string;
    readonly kind: "answer" | "review";
    readonly revisions: readonly RevisionId[];
  },
): TurnState {
  return advance(state, {
    type: "move_started",
    at: state.now,
    move,
    agent: AgentId.parse(agent),
    kind,
    revisions: [...revisions],
    mayRevise: false,
    steering: 0,
    estimate: { tokens: 0, costUsd: 0 },
  });
}

/** How far the result of the first agent is ahead of the result that another one claims. */
function leadOf(state: TurnState, claim: string): number | null {
  const groups = standingGroups(state);
  const own = groups.find(({ answers }) => answers.some(({ agent }) => agent === "ada"));
  const other = groups.find((group) => group !== own && group.answers[0]?.claim === claim);
  return own && other ? (own.merit ?? 0) - (other.merit ?? 0) : null;
}

const changed = (given: Round, ballot: readonly number[]): Round => ({
  ...given,
  ballots: [...given.ballots.slice(0, -1), [...ballot]],
});

describe(`whatever the agents' track records, over ${RUNS} rounds`, () => {
  test("a reviewer's higher score for an answer never lowers its result at the first read", () => {
    fc.assert(
      fc.property(round, score, (given, higher) => {
        const [first = 0, ...rest] = given.ballots[3] ?? [];
        const after = changed(given, [Math.max(first, higher), ...rest]);
        const evidence = judged(after).ballots[3]?.evidence["ada.1"] ?? 0;
        // At its bound, a higher score can only lower the others.
        if (evidence >= MOST_EVIDENCE) return;
        for (const claim of ["7", "8", "9"]) {
          const [was, is] = [leadOf(judged(given), claim), leadOf(judged(after), claim)];
          if (was !== null && is !== null) expect(is).toBeGreaterThanOrEqual(was - 1e-9);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("one reviewer moves no result by more than its weighted share of the bound", () => {
    fc.assert(
      fc.property(round, fc.array(score, { minLength: 4, maxLength: 4 }), (given, ballot) => {
        const weights = given.skills.map(readerWeight);
        const share = (weights[3] ?? 0) / weights.reduce((a, b) => a + b, 0);
        const before = new Map(tally(judged(given)).map((row) => [row.revision, row.score ?? 0]));
        for (const { revision, score: merit } of tally(judged(changed(given, ballot)))) {
          const moved = Math.abs((merit ?? 0) - (before.get(revision) ?? 0));
          expect(moved).toBeLessThanOrEqual(2 * 2 * MOST_EVIDENCE * share + 1e-9);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("records of 0 give exactly the choice and the scores of a turn without any", () => {
    fc.assert(
      fc.property(round, (given) => {
        const none = judged({ ...given, skills: [] });
        expect(tally(judged({ ...given, skills: [0, 0, 0, 0] }))).toEqual(tally(none));
      }),
      { numRuns: RUNS },
    );
  });
});

test(`a turn whose records are all 0 goes as one without any, over ${RUNS} turns`, async () => {
  await fc.assert(
    fc.asyncProperty(script, async (given) => {
      const [one, other] = [
        await play({ ...given, skills: [] }),
        await play({ ...given, skills: [0, 0, 0, 0, 0] }),
      ];
      expect(other.table.events.slice(1)).toEqual(one.table.events.slice(1));
    }),
    { numRuns: RUNS },
  );
});

it("lets the best record decide a close vote, and three ordinary ones outvote a good one", () => {
  const claims: Round["claims"] = ["7", "8", "8", "8"];
  const vote = (own: number, other: number) => [own, other, other, other];
  const close = [vote(8, 6), vote(6, 7), vote(6, 7), vote(6, 7)];
  const clear = [vote(10, 0), vote(0, 10), vote(0, 10), vote(0, 10)];
  const winner = (skills: readonly number[], ballots: readonly number[][]) =>
    tally(judged({ skills: [...skills], claims, ballots: ballots.map((b) => [...b]) }))[0]?.agent;
  expect(winner([0, 0, 0, 0], close)).not.toBe("ada");
  expect(winner([1.2, -0.4, -0.4, -0.4], close)).toBe("ada");
  expect(winner([0.6, -0.2, -0.2, -0.2], clear)).not.toBe("ada");
});

it("keeps its track records to the end, and through its journal", async () => {
  const table = await setTable(withSkills(started(3, { tally: "pooled" }), [1, -0.5, -0.5]));
  await table.claim("ada", "7");
  expect(table.state().skills).toEqual({ ada: 1, ben: -0.5, cleo: -0.5 });
  expect(fold(table.events)).toEqual(table.state());
});
