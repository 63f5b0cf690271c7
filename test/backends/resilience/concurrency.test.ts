import { describe, expect, it } from "vitest";
import { BackendError } from "../../../src/backends/backend.ts";
import { inFlight, overloaded, refused, setUpGate } from "./gate-set-up.ts";

describe("the number of calls in flight", () => {
  it("the number of calls starts at 64, and at 4 for a local server", async () => {
    expect(inFlight(await setUpGate().send(100))).toBe(64);
    expect(inFlight(await setUpGate({ isLocal: true }).send(100))).toBe(4);
  });

  it("the number of calls grows by one for each call that the server takes on, until it first refuses one", async () => {
    const { clock, send } = setUpGate();
    const calls = await send(300);
    for (const { pass } of calls.slice(0, 64)) pass?.accepted([]);
    await clock.advance(0);
    expect(inFlight(calls)).toBe(128);
  });

  it("the number of calls does not grow while there is room anyway", async () => {
    const { clock, send } = setUpGate();
    for (const { pass } of await send(10)) {
      pass?.accepted([]);
      pass?.end();
    }
    const calls = await send(100);
    await clock.advance(0);
    expect(inFlight(calls)).toBe(64);
  });

  it.each([overloaded, refused(1)])(
    "the number of calls halves once for a burst of refusals: %s",
    async (failure) => {
      const { clock, send } = setUpGate();
      const burst = await send(64);
      for (const { pass } of burst) pass?.end(failure);
      await clock.advance(1);
      expect(inFlight(await send(100))).toBe(32);
    },
  );

  it("the number of calls halves again for a refusal of a call that was sent after the last one", async () => {
    const { clock, send } = setUpGate();
    for (const { pass } of await send(64)) pass?.end(overloaded);
    for (const { pass } of await send(32)) pass?.end(overloaded);
    await clock.advance(0);
    expect(inFlight(await send(100))).toBe(16);
  });

  it("a refusal halves the number of calls in flight, if that was less than was allowed", async () => {
    const { send } = setUpGate();
    for (const { pass } of await send(10)) pass?.end(overloaded);
    expect(inFlight(await send(100))).toBe(5);
  });

  it("the number of calls never falls below one", async () => {
    const { send } = setUpGate();
    for (let n = 0; n < 10; n += 1) for (const { pass } of await send(1)) pass?.end(overloaded);
    expect(inFlight(await send(2))).toBe(1);
  });

  it("the number of calls grows back: at once to half of what it was, then by one per round", async () => {
    const { send } = setUpGate();
    for (const { pass } of await send(64)) pass?.end(overloaded);
    const round = async () => {
      const calls = await send(100);
      const sent = calls.filter(({ pass }) => pass !== null);
      for (const { leave } of calls) leave();
      for (const { pass } of sent) pass?.accepted([]);
      for (const { pass } of sent) pass?.end();
      return sent.length;
    };
    expect(await round()).toBe(32);
    for (let n = 0; n < 8; n += 1) await round();
    const later = await round();
    expect(later).toBeGreaterThanOrEqual(37);
    expect(later).toBeLessThanOrEqual(41);
  });

  it.each([
    "auth",
    "bad_request",
    "context",
    "refused",
    "network",
    "incomplete",
    "timeout",
  ] as const)("the number of calls is not touched by %s", async (failure) => {
    const { send } = setUpGate();
    for (const { pass } of await send(10)) pass?.end(new BackendError(failure, ""));
    expect(inFlight(await send(100))).toBe(64);
  });

  it("the number of calls is not touched by an account without money, which no waiting helps", async () => {
    const { send } = setUpGate();
    const broke = new BackendError("rate_limit", "insufficient_quota", { passing: false });
    for (const { pass } of await send(10)) pass?.end(broke);
    expect(inFlight(await send(100))).toBe(64);
  });

  it("the number of calls stays under the ceiling of the call, whatever the server takes", async () => {
    const { clock, send } = setUpGate();
    const calls = await send(10, { ceiling: 3 });
    for (const { pass } of calls.slice(0, 3)) pass?.accepted([]);
    await clock.advance(0);
    expect(inFlight(calls)).toBe(3);
  });

  it("the ceiling of one agent counts all calls of the account", async () => {
    const { clock, enter, send } = setUpGate();
    const others = await send(5);
    const strict = enter({ ceiling: 2 });
    for (const { pass } of others.slice(0, 3)) pass?.end();
    await clock.advance(0);
    expect(strict.pass).toBeNull();
    others[3]?.pass?.end();
    await clock.advance(0);
    expect(strict.pass).not.toBeNull();
  });
});

describe("a local server", () => {
  it("a local server gets more calls while it takes them on quickly, and no more once they queue there", async () => {
    const { clock, send } = setUpGate({ isLocal: true });
    const calls = await send(40);
    await clock.advance(200);
    for (const { pass } of calls.slice(0, 4)) pass?.accepted([]);
    await clock.advance(0);
    expect(inFlight(calls)).toBe(8);
    await clock.advance(20_000);
    for (const { pass } of calls.slice(4, 8)) pass?.accepted([]);
    await clock.advance(0);
    expect(inFlight(calls)).toBe(8);
  });

  it("a local server gets as many calls at once as an admin says", async () => {
    expect(inFlight(await setUpGate({ isLocal: true }).send(100, { ceiling: 32 }))).toBe(32);
  });

  it("a local server refuses by silence: a call without a sign of life halves the number", async () => {
    const { send } = setUpGate({ isLocal: true });
    for (const { pass } of await send(4)) pass?.end(new BackendError("timeout", ""));
    expect(inFlight(await send(10))).toBe(2);
  });
});
