import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { fold } from "../../../src/coordination/advance.ts";
import { TurnId } from "../../../src/ids.ts";
import { whyReply } from "../../../src/progress/why-reply.ts";
import { openRoom, type ParleyRoom, teamOf } from "../../support/parley-room.ts";
import { CONVERSATION } from "../../support/thread-platform.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const SETTINGS = "limits: { move_timeout: 60, turn_timeout: 120 }\nduring_turn: queue";
const PRICED = teamOf(["ann", "berta", "cleo"], SETTINGS);

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant("ask" as const) },
  { weight: 2, arbitrary: fc.constantFrom("hold" as const, "release" as const) },
  { weight: 2, arbitrary: fc.constantFrom("stop" as const, "restart" as const, "edit" as const) },
  { weight: 1, arbitrary: fc.constantFrom("leave" as const, "time" as const) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const ID = z.object({ id: TurnId });
const Meter = z.object({ tokens: z.coerce.number(), reserved: z.coerce.number() });

/** The same turns as each of the books has them, in tokens. */
async function books({ store }: ParleyRoom) {
  const rows = z.array(ID).parse(await store.db.q("SELECT id FROM turns"));
  const states = await Promise.all(
    rows.map(async ({ id }) => {
      const events = await store.journal.read(id);
      return events.length > 0 ? [fold(events)] : [];
    }),
  );
  const journals = states.flat();
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const usage = await store.usage.sum({ conversation: CONVERSATION });
  const byAgent = await store.usage.sumBy("agent", {});
  const [meter] = z
    .array(Meter)
    .parse(
      await store.db.q(
        "SELECT tokens, reserved_tokens AS reserved FROM meters WHERE owner = 'all'",
      ),
    );
  const told = journals.map((state) => JSON.stringify(whyReply(state)));
  return {
    journal: sumOf(journals.map(({ spent }) => spent.input + spent.output)),
    agents: sumOf(
      journals.flatMap((state) => state.agents.map(({ usage: u }) => u.input + u.output)),
    ),
    why: sumOf(told.map((text) => Number(/(\d+) tokens,/.exec(text)?.[1]))),
    usage: usage.input + usage.output,
    byAgent: sumOf(byAgent.map(({ input, output }) => input + output)),
    budgets: meter?.tokens ?? 0,
    estimated: {
      journal: sumOf(journals.map(({ spent }) => spent.estimated ?? 0)),
      usage: usage.estimated,
    },
    reserved: meter?.reserved ?? 0,
  };
}

type Steps = Readonly<Record<Step, (n: number) => unknown>>;

function stepsOf(room: ParleyRoom, held: (() => void)[]): Steps {
  return {
    ask: (n) => room.say(`question ${n}`),
    hold: () => held.push(room.models.hold(({ model }) => model !== "berta")),
    release: () => held.pop()?.(),
    stop: (n) => room.command("stop", { eventId: `stop-${n}` }),
    restart: (n) => room.command("retry", { eventId: `retry-${n}` }),
    edit: async (n) => room.edit(await room.say(`to be edited ${n}`), `edited ${n}`),
    time: () => room.clock.advance(61_000),
    async leave() {
      await room.leave();
      await room.start();
    },
  };
}

async function take(room: ParleyRoom, steps: readonly Step[]): Promise<void> {
  const held: (() => void)[] = [];
  const does = stepsOf(room, held);
  for (const [n, one] of steps.entries()) {
    await does[one](n);
    await room.clock.advance(10);
  }
  for (const release of held) release();
  room.models.openAll();
}

test("journal, Why, usage and budgets agree to the token, whatever is stopped, edited, restarted or timed out", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
      const room = await openRoom(PRICED);
      await take(room, ["ask", ...steps]);
      await room.quiet();
      const { journal, estimated, reserved, ...others } = await books(room);
      expect(others).toEqual({
        agents: journal,
        why: journal,
        usage: journal,
        byAgent: journal,
        budgets: journal,
      });
      expect(estimated.usage).toBe(estimated.journal);
      expect(reserved).toBe(0);
    }),
    { numRuns: propertyRuns(12, 0.01) },
  );
});

test("a turn that is stopped is booked at its prompts and what was streamed, far below its estimate, and says that it is an estimate", async () => {
  const room = await openRoom(PRICED);
  room.models.hold(() => true);
  await room.say("What is heavier?");
  await room.until(() => expect(room.models.asked).toHaveLength(3));
  await room.command("stop");
  await room.quiet();
  const used = await room.store.usage.sum({ conversation: CONVERSATION });
  expect(used).toMatchObject({ turns: 1, output: 30 });
  expect(used.estimated).toBe(used.input + used.output);
  const [started] = room.of("move_started");
  expect(used.input).toBe(3 * (started?.estimate.prompt?.tokens ?? NaN));
  const usage = await room.command("usage");
  expect(JSON.stringify(usage.blocks)).toContain(
    "are estimated (≈), because their calls were stopped.",
  );
  expect(JSON.stringify((await room.command("why")).blocks)).toContain("are an estimate");
});

test("stops do not lock a channel that has a limit of its own", async () => {
  const room = await openRoom(PRICED);
  await room.command("budget set 100ktokens/day --channel", { level: "admin" });
  for (const n of [1, 2, 3, 4]) {
    const release = room.models.hold(() => true);
    await room.say(`Stopped ${n}`);
    await room.until(() => expect(room.models.asked).toHaveLength(3 * n));
    await room.command("stop", { eventId: `stop-${n}` });
    release();
    await room.quiet();
  }
  await room.say("And now?");
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("a turn that is given up is booked in usage as in its budgets", async () => {
  const room = await openRoom(PRICED);
  room.models.hold(() => true);
  await room.say("Never ends");
  await room.until(() => expect(room.models.asked).toHaveLength(3));
  await room.store.db.q("UPDATE turns SET attempts = 99");
  await room.leave();
  await room.start();
  await room.quiet();
  const { journal, usage, budgets, why } = await books(room);
  expect(journal).toBeGreaterThan(0);
  expect({ usage, budgets, why }).toEqual({ usage: journal, budgets: journal, why: journal });
});
