import { describe, expect, it } from "vitest";
import { BackendError } from "../../../src/backends/backend.ts";
import { createBreaker, type Breaker } from "../../../src/backends/resilience/breaker.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const overloaded = new BackendError("overloaded", "");
const never = new AbortController().signal;

function setUp() {
  const clock = createFakeClock();
  const breaker = createBreaker({ name: "anthropic", clock });
  const enter = (wait = true) => breaker.enter({ signal: never, wait });
  const fail = async (times: number, error = overloaded) => {
    for (let n = 0; n < times; n += 1) (await enter()).end(error);
  };
  return { clock, breaker, enter, fail };
}

const isOpen = (breaker: Breaker) =>
  breaker.enter({ signal: never, wait: false }).then(
    (pass) => (pass.end("dropped"), false),
    () => true,
  );

it("the breaker opens after five passing failures in a row and says when it is tried again", async () => {
  const { breaker, enter, fail } = setUp();
  await fail(4);
  expect(await isOpen(breaker)).toBe(false);
  await fail(1);
  await expect(enter()).rejects.toMatchObject({
    failure: "overloaded",
    retryAfterMs: 10_000,
    message: "anthropic is not available. Parley tries it again in 10 s.",
  });
});

it("the breaker starts counting anew after a success", async () => {
  const { breaker, enter, fail } = setUp();
  await fail(4);
  (await enter()).end("succeeded");
  await fail(4);
  expect(await isOpen(breaker)).toBe(false);
});

it("the breaker counts the failures of calls that run side by side, also across a success", async () => {
  const { breaker, enter } = setUp();
  const passes = await Promise.all([1, 2, 3, 4, 5].map(() => enter()));
  (await enter()).end("succeeded");
  for (const pass of passes) pass.end(overloaded);
  expect(await isOpen(breaker)).toBe(true);
});

it.each(["auth", "bad_request", "context", "refused", "rate_limit"] as const)(
  "the breaker does not hold %s against the account",
  async (failure) => {
    const { breaker, fail } = setUp();
    await fail(10, new BackendError(failure, ""));
    expect(await isOpen(breaker)).toBe(false);
  },
);

it("the breaker does not count calls that were dropped", async () => {
  const { breaker, enter } = setUp();
  for (let n = 0; n < 10; n += 1) (await enter()).end("dropped");
  expect(await isOpen(breaker)).toBe(false);
});

it("the breaker opens at once for a long Retry-After, for that long, within reason", async () => {
  const { enter, fail } = setUp();
  await fail(1, new BackendError("overloaded", "", { retryAfterMs: 45_000 }));
  await expect(enter()).rejects.toMatchObject({ retryAfterMs: 45_000 });
  const other = setUp();
  await other.fail(1, new BackendError("overloaded", "", { retryAfterMs: 86_400_000 }));
  await expect(other.enter()).rejects.toMatchObject({ retryAfterMs: 600_000 });
});

describe("when the pause is over", () => {
  async function probing() {
    const setup = setUp();
    await setup.fail(5);
    await setup.clock.advance(10_000);
    return { ...setup, probe: await setup.enter() };
  }

  it("after its pause, the breaker lets one call through, and the others wait for how it ends", async () => {
    const { clock, enter, probe } = await probing();
    let entered = 0;
    for (let n = 0; n < 3; n += 1) void enter().then(() => (entered += 1));
    await clock.advance(1000);
    expect(entered).toBe(0);
    probe.end("succeeded");
    await clock.advance(0);
    expect(entered).toBe(3);
  });

  it("the breaker refuses those who have somewhere else to go", async () => {
    const { enter } = await probing();
    await expect(enter(false)).rejects.toThrow("Parley tries it again now, with another call");
  });

  it("the breaker lets an abort out of the wait", async () => {
    const { breaker } = await probing();
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(breaker.enter({ signal, wait: true })).rejects.toThrow("stopped");
  });

  it("the breaker stays open for twice as long after a failed probe", async () => {
    const { enter, probe } = await probing();
    probe.end(overloaded);
    await expect(enter()).rejects.toMatchObject({ retryAfterMs: 20_000 });
  });

  it("the breaker probes again when the probe was dropped", async () => {
    const { enter, probe } = await probing();
    const next = enter();
    probe.end("dropped");
    (await next).end("succeeded");
    (await enter()).end("succeeded");
  });

  it("the breaker closes when the probe shows that the provider answers, if only to refuse the key", async () => {
    const { breaker, probe } = await probing();
    probe.end(new BackendError("auth", ""));
    expect(await isOpen(breaker)).toBe(false);
  });
});
