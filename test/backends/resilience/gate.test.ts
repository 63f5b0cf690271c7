import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { propertyRuns } from "../../support/property-runs.ts";
import { enterGate, inFlight, refused, setUpGate } from "./gate-set-up.ts";

describe("the line", () => {
  it("the line sends the oldest turn first, then in the order of arrival", async () => {
    const { clock, enter } = setUpGate();
    const [running] = [enter({ ceiling: 1 })];
    await clock.advance(0);
    const order: string[] = [];
    const names = [
      ["young answer", 3],
      ["old review", 1],
      ["middle answer", 2],
      ["second old review", 1],
      ["no turn", Number.POSITIVE_INFINITY],
    ] as const;
    const places = names.map(([name, rank]) => ({ name, place: enter({ rank, ceiling: 1 }) }));
    running?.pass?.end();
    for (let n = 0; n < names.length; n += 1) {
      await clock.advance(0);
      const next = places.find(({ name, place }) => place.pass && !order.includes(name));
      order.push(next?.name ?? "nothing");
      next?.place.pass?.end();
    }
    expect(order).toEqual([
      "old review",
      "second old review",
      "middle answer",
      "young answer",
      "no turn",
    ]);
  });

  it("the line says what a call waits for, and when that changes", async () => {
    const { clock, enter, send } = setUpGate();
    const [first] = await send(1, { ceiling: 1 });
    const second = enter({ ceiling: 1 });
    await clock.advance(0);
    first?.pass?.end(refused(30_000));
    await clock.advance(30_000);
    expect(second.waits).toEqual([
      { cause: "room", resumesInMs: null },
      { cause: "rate_limit", resumesInMs: 30_000 },
    ]);
    expect(second.pass).not.toBeNull();
  });

  it("the line lets an abort out at once, and the next one in", async () => {
    const { clock, enter, send } = setUpGate();
    const stop = new AbortController();
    const [first] = await send(1, { ceiling: 1 });
    const second = enter({ ceiling: 1, signal: stop.signal });
    const third = enter({ ceiling: 1 });
    stop.abort("stopped");
    await clock.advance(0);
    expect(second.error).toBe("stopped");
    first?.pass?.end();
    await clock.advance(0);
    expect(third.pass).not.toBeNull();
  });

  it("the line takes back the pass of a call that left before it read it", async () => {
    const { gate, enter, clock } = setUpGate();
    const { signal } = new AbortController();
    const call = { model: "m", rank: 0, ceiling: 1, longestPauseMs: 0, signal };
    gate.enter(call).leave();
    const next = enter({ ceiling: 1 });
    await clock.advance(0);
    expect(next.pass).not.toBeNull();
  });

  it("the line gives a pass back once, however often it is ended", async () => {
    const { clock, send } = setUpGate();
    const [first] = await send(1, { ceiling: 1 });
    first?.pass?.end();
    first?.pass?.end();
    const calls = await send(3, { ceiling: 1 });
    await clock.advance(0);
    expect(inFlight(calls)).toBe(1);
  });

  it("the line holds no other model up for a pause of one", async () => {
    const { clock, enter, send } = setUpGate();
    const [first] = await send(1, { model: "a" });
    first?.pass?.end(refused(30_000));
    const paused = enter({ model: "a", rank: 0 });
    const free = enter({ model: "b", rank: 1 });
    await clock.advance(0);
    expect([paused.pass, free.pass === null]).toEqual([null, false]);
  });

  it("the line refuses calls that have somewhere else to go, those that wait too", async () => {
    const { clock, enter, send } = setUpGate();
    const [first] = await send(1, { ceiling: 1 });
    const waiting = enter({ ceiling: 1, longestPauseMs: 10_000 });
    first?.pass?.end(refused(30_000));
    const late = enter({ longestPauseMs: 10_000 });
    await clock.advance(0);
    for (const { error } of [waiting, late]) {
      expect(error).toMatchObject({
        failure: "rate_limit",
        message: "The rate limit of openai is used up for another 30 s.",
      });
    }
  });
});

interface Arrival {
  readonly rank: number;
  readonly after: number;
  readonly takes: number;
  readonly fails: boolean;
  readonly ceiling: number | undefined;
  readonly model: string;
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  rank: fc.nat(20),
  after: fc.nat(400),
  takes: fc.integer({ min: 1, max: 3_000 }),
  fails: fc.constantFrom(false, false, false, true),
  ceiling: fc.constantFrom(undefined, undefined, 1, 3, 8),
  model: fc.constantFrom("a", "b"),
});

/** Lets generated calls arrive, run and end; says when each was sent, and what waited then. */
async function play(arrivals: readonly Arrival[]) {
  const { clock, gate } = setUpGate();
  const waiting = new Set<Arrival>();
  const overtaken: string[] = [];
  let sent = 0;
  for (const call of arrivals) {
    await clock.advance(call.after);
    waiting.add(call);
    enterGate(gate, call, (pass) => {
      sent += 1;
      waiting.delete(call);
      const older = [...waiting].filter(
        (other) => other.rank < call.rank && other.model === call.model,
      );
      overtaken.push(...older.map(({ rank }) => `${call.rank} before ${rank}`));
      pass.accepted([]);
      clock.setTimer(call.takes, () => pass.end(call.fails ? refused(500) : null));
    });
  }
  await clock.advance(arrivals.length * 4_000 + 10_000);
  return { sent, overtaken };
}

it(`over ${propertyRuns(100)} generated days, every call is sent, and none before an older one that waits`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 40 }), async (arrivals) => {
      const { sent, overtaken } = await play(arrivals);
      expect(sent).toBe(arrivals.length);
      expect(overtaken).toEqual([]);
    }),
    { numRuns: propertyRuns(100) },
  );
});
