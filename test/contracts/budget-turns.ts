import fc from "fast-check";
import { expect } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { createBudgets } from "../../src/budgets/budgets.ts";
import { createCalendar } from "../../src/budgets/calendar.ts";
import type { Limit } from "../../src/budgets/limit.ts";
import { ownerOf, type Reach } from "../../src/budgets/reach.ts";
import { ConversationId, TurnId } from "../../src/ids.ts";
import { Policy } from "../../src/coordination/policy.ts";
import type { Store } from "../../src/store/store.ts";
import { acceptRequest } from "../../src/turns/intake/accept-request.ts";
import { keptBack, NOTHING_KEPT_BACK } from "../support/kept-back.ts";

const LIMITS: readonly { readonly reach: Reach; readonly limit: Limit }[] = [
  { reach: "person", limit: { unit: "tokens", amount: 1_000, per: "day" } },
  { reach: "channel", limit: { unit: "tokens", amount: 1_500, per: "day" } },
  { reach: "space", limit: { unit: "tokens", amount: 2_500, per: "day" } },
  { reach: "channel", limit: { unit: "turns", amount: 5, per: "hour" } },
];
const NOW = 1_000_000;
const calendar = createCalendar("UTC");

/** A turn that was taken on. */
interface Accepted {
  readonly id: TurnId;
  readonly where: { readonly conversation: ConversationId; readonly person: string };
  readonly estimate: number;
  /** What it used; null: it has not ended. */
  used: number | null;
}

const place = fc.record({
  person: fc.integer({ min: 1, max: 2 }),
  channel: fc.integer({ min: 1, max: 2 }),
});
const begin = fc.record({ where: place, estimate: fc.integer({ min: 1, max: 600 }) });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("begin" as const),
      asks: fc.array(begin, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("settle" as const),
      which: fc.nat(),
      used: fc.integer({ min: 0, max: 900 }),
      twice: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("withdraw" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("die" as const), which: fc.nat() }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Begin = Extract<Step, { kind: "begin" }>["asks"][number];

const TEAM = { name: "t", title: "T", instructions: "", router: null, notes: [] };
/** A team whose turns are estimated at this many tokens. */
const teamOf = (max_tokens: number) => ({
  ...TEAM,
  policy: Policy.parse({ limits: { max_tokens } }),
  agents: [
    {
      id: "ann",
      name: "Ann",
      instructions: "",
      backend: { type: "simulated", model: "ann" },
      fallback: null,
    },
  ],
});

/** Turns in a space of their own. */
function createBench(store: Store, space: string) {
  const installed = LIMITS;
  const wallClock = () => NOW;
  const budgets = createBudgets({
    store,
    catalogue: createCatalogue(),
    calendar,
    installed,
    wallClock,
  });
  const taken: Accepted[] = [];
  let count = 0;
  const open = () => taken.filter(({ used }) => used === null);
  const pick = (which: number) => open()[which % Math.max(1, open().length)];

  const ask = async ({ where: { person, channel }, estimate }: Begin) => {
    const number = ++count;
    const conversation = ConversationId.parse(`test:${space}:c${channel}:${number}`);
    const author = { id: `p${person}`, name: "", kind: "person" } as const;
    const message = { id: "m", author, text: "", files: [], at: 0 };
    const newTurnId = () => TurnId.parse(`${space} ${number}`);
    const ports = { store, engine: { enqueue: async () => {} }, newTurnId, budgets };
    const where = { conversation, person: `test:p${person}` };
    // A team of its own, so that it learns nothing from the turns before.
    const team = { ...teamOf(estimate), name: `${space} ${number}` };
    const request = { ...where, claim: `${space} ${number}`, message, team };
    const outcome = await acceptRequest(ports, { ...request, steer: false });
    if (outcome.kind === "queued") taken.push({ id: outcome.turn.id, where, estimate, used: null });
  };
  const end = async (turn: Accepted, used: number, settles: number) => {
    const started = await store.turns.start(turn.id);
    for (let time = 0; time < settles; time += 1) {
      await store.budgets.settle(turn.id, { tokens: used, costUsd: 0 });
    }
    await store.turns.finish(turn.id, started?.epoch ?? 0, "completed");
    turn.used = used;
  };
  return {
    taken,
    async take(one: Step) {
      if (one.kind === "begin") return void (await Promise.all(one.asks.map(ask)));
      const turn = pick(one.which);
      if (!turn) return;
      if (one.kind === "settle") return end(turn, one.used, one.twice ? 2 : 1);
      // Its process died, and nobody knows what it used: the estimate stands.
      if (one.kind === "die") return end(turn, turn.estimate, 0);
      await store.turns.cancel(turn.id, { by: "ada", reason: "stop" });
      taken.splice(taken.indexOf(turn), 1);
    },
    async endAll() {
      for (const turn of open()) await end(turn, turn.estimate, 1);
    },
  };
}

/** What stands on the meter of a limit, beside what the turns that count for it say. */
async function compare(store: Store, taken: readonly Accepted[]) {
  for (const { reach, limit } of LIMITS) {
    const { name: period, endsAt } = calendar.periodAt(limit.per, NOW);
    const owners = new Set(taken.map(({ where }) => ownerOf(reach, where)));
    for (const owner of owners) {
      const mine = taken.filter(({ where }) => ownerOf(reach, where) === owner);
      const sum = (of: (turn: Accepted) => number) => mine.reduce((all, turn) => all + of(turn), 0);
      const [meter] = await store.budgets.read([{ owner, period, endsAt, label: "" }]);
      expect(meter).toMatchObject({
        turns: mine.length,
        tokens: sum(({ used }) => used ?? 0),
        reservedTokens: sum(({ used, estimate }) => (used === null ? estimate : 0)),
      });
      const over = sum(({ used, estimate }) => Math.max(0, (used ?? 0) - estimate));
      const now =
        limit.unit === "turns" ? meter?.turns : (meter?.tokens ?? 0) + (meter?.reservedTokens ?? 0);
      expect(now).toBeLessThanOrEqual(limit.amount + (limit.unit === "turns" ? 0 : over));
    }
  }
}

/**
 * However turns begin, end, are withdrawn and die, several at a time: nothing is overspent but by what turns use beyond their estimates,
 * every meter stands where the turns say, and nothing stays kept back.
 */
export async function neverOverspent(
  store: Store,
  { numRuns, maxLength }: { readonly numRuns: number; readonly maxLength: number },
): Promise<void> {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength }), async (steps) => {
      const bench = createBench(store, `space${++run}`);
      for (const one of steps) {
        await bench.take(one);
        await compare(store, bench.taken);
      }
      await bench.endAll();
      await compare(store, bench.taken);
      expect(await keptBack(store)).toEqual(NOTHING_KEPT_BACK);
    }),
    { numRuns },
  );
}
