import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "../../src/coordination/advance.ts";
import { elect } from "../../src/coordination/tally.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { isPooled } from "../../src/coordination/pooled/claims.ts";
import { leaderByTheBook } from "./oracle.ts";
import { leaderOfResults } from "./pooled/oracle.ts";
import { type Played, type Script, play, script } from "./random-turn.ts";
import type { Table } from "./table.ts";
import { propertyRuns } from "../support/property-runs.ts";

const RUNS = propertyRuns(1_000);

/** Moves that were taken back while they waited for room, so that they could be asked anew with more in view. */
function neverSent({ events }: Table): ReadonlySet<string> {
  const waiting = new Set<string>();
  const taken = new Set<string>();
  for (const event of events) {
    if (event.type === "move_queued" && event.isFresh) waiting.add(event.move);
    if (event.type === "move_sent") waiting.delete(event.move);
    if (event.type === "move_aborted" && waiting.has(event.move)) taken.add(event.move);
  }
  return taken;
}

/** One pass over random interleavings of answers, votes, failures, timeouts, steering, people and stops; each law reads the same turns. */
const laws: Record<string, (played: Played) => void> = {
  "every turn ends, within its time": ({ table }) => {
    const state = table.state();
    expect(state.outcome).not.toBeNull();
    const { turn_timeout, queue_timeout, rounds } = state.policy.limits;
    expect(state.now - state.queuedMs).toBeLessThanOrEqual(turn_timeout * 1000 + 1);
    const waits = state.agents.length * (rounds + 2);
    expect(state.queuedMs).toBeLessThanOrEqual(waits * (queue_timeout * 1000 + 1));
  },
  "it sends no more moves than N × (1 + rounds) + 1": ({ table }) => {
    const { agents, started, policy } = table.state();
    const sent = started - neverSent(table).size;
    expect(sent).toBeLessThanOrEqual(agents.length * (1 + policy.limits.rounds) + 1);
  },
  "an answer is presented whenever one exists, unless somebody stopped the turn": ({ table }) => {
    const { revisions, outcome, presented, stopped } = table.state();
    if (stopped) return expect(outcome).toBe("stopped");
    expect(outcome).toBe(revisions.length > 0 ? "answered" : "failed");
    expect(presented !== null).toBe(revisions.length > 0);
  },
  "no score counts for a revision that its reviewer did not see": ({ table }) => {
    const shown = new Map(
      table.events.flatMap((e) => (e.type === "move_started" ? [[e.move, e.revisions]] : [])),
    );
    for (const event of table.events) {
      if (event.type !== "vote_cast" && event.type !== "revision_offered") continue;
      const seen: readonly string[] = shown.get(event.move) ?? [];
      expect(Object.keys(event.ballot?.scores ?? {}).every((id) => seen.includes(id))).toBe(true);
    }
  },
  "no agent is interrupted before its first answer but by a stop or the end of time": ({
    table,
  }) => {
    for (const event of table.events) {
      if (event.type !== "move_aborted" || !event.move.includes(":answer:")) continue;
      if (neverSent(table).has(event.move)) continue;
      const { stopped, closing } = table.state();
      expect(stopped !== null || closing?.limit === "turn_timeout").toBe(true);
    }
  },
  "no steering message is swallowed: a finished move saw it, or it is left for the next turn": ({
    table,
    accepted,
  }) => {
    const { closing, inbox, agents } = table.state();
    expect(inbox.map(({ id }) => id)).toEqual(accepted);
    const seen = Math.max(...agents.map(({ seenSteering }) => seenSteering));
    expect(closing?.unseen).toEqual(accepted.slice(seen));
  },
  "every choice that a person made while the turn was open is counted, once and in its order": ({
    table,
  }) => {
    const counted = table.events.flatMap((event) =>
      event.type === "preference_given" ? [{ person: event.person, revision: event.revision }] : [],
    );
    expect(counted).toEqual(table.choices);
  },
  "a turn that closes by itself was seen whole by every live agent that had a round left": ({
    table,
  }) => {
    const { closing, inbox, agents, policy, budget } = table.state();
    if (!["settled", "bound", "grace"].includes(closing?.closedBy ?? "") || budget) return;
    for (const agent of agents) {
      const hadRound = agent.asked.review < policy.limits.rounds;
      if (!agent.failed && agent.hasAnswered && hadRound) {
        expect(agent.seenSteering).toBe(inbox.length);
      }
    }
  },
  "the presenter is the leader of the tally as it stood at the close": ({ table }) => {
    const at = table.events.findIndex(({ type }) => type === "turn_closed");
    const before = fold(table.events.slice(0, at));
    const { closing, policy, stopped, preferences } = table.state();
    if (stopped || !closing) return;
    expect(closing.revision).toBe(elect(before)?.revision ?? null);
    if (policy.tally === "plurality" || Object.keys(preferences).length > 0) return;
    const leader = isPooled(before) ? leaderOfResults : leaderByTheBook;
    expect(closing.revision).toBe(leader(table.events.slice(0, at), before));
  },
  "answers are read again only where it is close, nobody is due, and at most twice": ({
    table,
  }) => {
    for (const [at, event] of table.events.entries()) {
      if (event.type !== "reread_called") continue;
      const before = fold(table.events.slice(0, at));
      expect(before.agents.every(({ move }) => move === null)).toBe(true);
      expect(event.margin).toBeLessThan(1.5);
      expect(event.reading).toBe(before.reading + 1);
      expect(event.reading).toBeLessThanOrEqual(3);
    }
  },
  "the journal folds to the live state, also after a trip through JSON": ({ table }) => {
    const stored = table.events.map((event) => TurnEvent.parse(JSON.parse(JSON.stringify(event))));
    expect(fold(stored)).toEqual(table.state());
  },
};

test(`the laws of a turn hold over ${RUNS} random turns`, async () => {
  const hold = async (given: Script) => {
    const played = await play(given);
    for (const [law, check] of Object.entries(laws)) {
      try {
        check(played);
      } catch (cause) {
        throw new Error(`Broken: ${law}`, { cause });
      }
    }
  };
  await fc.assert(fc.asyncProperty(script, hold), { numRuns: RUNS });
});
