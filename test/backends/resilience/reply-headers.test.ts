import { describe, expect, it } from "vitest";
import type { RateLimit } from "../../../src/backends/resilience/rate-window.ts";
import { inFlight, refused, setUpGate } from "./gate-set-up.ts";

const left = (remaining: number, resetMs: number, limit = 100): readonly RateLimit[] => [
  { name: "calls:requests", unit: "calls", limit, remaining, resetMs },
];

describe("the headers of replies", () => {
  it("the headers of replies stop calls at nothing left until the reset", async () => {
    const { clock, enter, send } = setUpGate();
    const [first] = await send(1);
    first?.pass?.accepted(left(0, 7_000));
    const next = enter();
    await clock.advance(6_999);
    expect(next.pass).toBeNull();
    await clock.advance(1);
    expect(next.pass).not.toBeNull();
  });

  it("the headers of replies count calls that are under way against what is left", async () => {
    const { clock, send } = setUpGate();
    const calls = await send(3);
    calls[0]?.pass?.accepted(left(4, 7_000, 4));
    const more = await send(5);
    await clock.advance(0);
    expect(inFlight(more)).toBe(2);
  });

  it("the headers of replies spread the last tenth of a limit over the time until its reset", async () => {
    const { clock, send } = setUpGate();
    const [first] = await send(1);
    first?.pass?.accepted(left(5, 10_000));
    const more = await send(5);
    const times: number[] = [];
    for (let ms = 0; ms < 10_000; ms += 100) {
      await clock.advance(100);
      times.push(inFlight(more));
    }
    expect(times[0]).toBeLessThanOrEqual(1);
    expect(times[49]).toBeGreaterThanOrEqual(2);
    expect(times[49]).toBeLessThanOrEqual(3);
    expect(times.at(-1)).toBeGreaterThanOrEqual(4);
  });

  it("headers that show a limit which refills with time are followed at its rate, without a wait for the reset", async () => {
    const { clock, send } = setUpGate();
    const [first, second] = await send(2);
    // 10 calls a second: what is used is back after used / 10 s.
    first?.pass?.accepted(left(20, 8_000));
    await clock.advance(100);
    second?.pass?.accepted(left(1, 9_900));
    const more = await send(60);
    await clock.advance(3_000);
    expect(inFlight(more)).toBeGreaterThanOrEqual(29);
    expect(inFlight(more)).toBeLessThanOrEqual(32);
  });

  it("the headers of replies never hold calls back for more than a minute without a refusal: some servers always say 0", async () => {
    const { clock, enter, send } = setUpGate();
    const [first] = await send(1);
    first?.pass?.accepted(left(0, 9 * 3_600_000));
    const next = enter();
    await clock.advance(60_000);
    expect(next.pass).not.toBeNull();
  });

  it("the headers of replies give way to a refusal's own time, which knows better", async () => {
    const { clock, enter, send } = setUpGate();
    const [first, second] = await send(2);
    first?.pass?.accepted(left(0, 60_000));
    first?.pass?.end();
    second?.pass?.end(refused(2_000));
    const next = enter();
    await clock.advance(1_999);
    expect(next.pass).toBeNull();
    await clock.advance(1);
    expect(next.pass).not.toBeNull();
  });
});
