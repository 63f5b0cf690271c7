import { BackendError } from "../../../src/backends/backend.ts";
import { createGate, type Gate, type GateCall } from "../../../src/backends/resilience/gate.ts";
import type { LaneWait } from "../../../src/backends/resilience/lane.ts";
import type { Pass } from "../../../src/backends/resilience/pass.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const never = new AbortController().signal;
/** The refusal of a rate limit. */
export const refused = (retryAfterMs?: number) =>
  new BackendError("rate_limit", "", { retryAfterMs });
export const overloaded = new BackendError("overloaded", "");

/** A gate on a fake clock. */
export function setUpGate({ isLocal = false } = {}) {
  const clock = createFakeClock();
  const gate = createGate({ name: "openai", clock, isLocal });
  const enter = (call: Partial<GateCall> = {}) => enterGate(gate, call);
  /** Calls that arrive at once; those that are sent stay in flight. */
  const send = async (count: number, call: Partial<GateCall> = {}) => {
    const calls = Array.from({ length: count }, () => enter(call));
    await clock.advance(0);
    return calls;
  };
  return { clock, gate, enter, send };
}

/** A call in the line, with all that it was told. */
export function enterGate(gate: Gate, call: Partial<GateCall>, onPass = (_pass: Pass) => {}) {
  const ticket = gate.enter({
    model: "m",
    rank: 0,
    ceiling: undefined,
    longestPauseMs: 600_000,
    signal: never,
    ...call,
  });
  const place = {
    waits: [] as LaneWait[],
    pass: null as Pass | null,
    error: null as unknown,
    leave: () => ticket.leave(),
  };
  const read = async () => {
    for (;;) {
      const next = await ticket.next();
      if ("cause" in next) place.waits.push(next);
      else return onPass((place.pass = next));
    }
  };
  read().catch((error: unknown) => (place.error = error));
  return place;
}

export const inFlight = (places: readonly { readonly pass: Pass | null }[]) =>
  places.filter(({ pass }) => pass !== null).length;
