import { expect, test } from "vitest";
import { BackendError, type BackendEvent } from "../../src/backends/backend.ts";
import { createMeter } from "../../src/moves/meter.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const words = (tokens: number): string => "word".repeat(tokens);
const text = (tokens: number): BackendEvent => ({ type: "text", text: words(tokens) });
const sent: BackendEvent = { type: "sent" };
const retrying = (
  failure: "network" | "rate_limit" | "timeout",
  backend?: string,
): BackendEvent => ({
  type: "retrying",
  attempt: 1,
  failure,
  message: "again",
  delayMs: 1_000,
  ...(backend !== undefined && { backend }),
});

function meter(expectCached?: (tokens: number) => number) {
  const clock = createFakeClock();
  const cost = ({ input, cached, output }: { input: number; cached: number; output: number }) =>
    (input - cached) * 0.01 + cached * 0.001 + output * 0.05;
  const made = createMeter({ clock, cost, fallbackCost: () => 7, expectCached });
  made.begin(1_000);
  return { ...made, clock };
}

test("an aborted call is booked at its prompt plus what was streamed, thinking included, and marked as an estimate", () => {
  const { take, read } = meter(() => 400);
  take(sent);
  take({ type: "thinking", text: words(30) });
  take(text(20));
  expect(read()).toMatchObject({ input: 1_000, cached: 400, output: 50, estimated: 1_050 });
  expect(read().costUsd).toBeCloseTo(6 + 0.4 + 2.5);
});

test("a call that waits for a slot costs nothing", async () => {
  const { read, clock } = meter();
  await clock.advance(40_000);
  expect(read()).toEqual({
    input: 0,
    cached: 0,
    output: 0,
    costUsd: 0,
    firstTokenMs: null,
    queuedMs: 40_000,
  });
});

test("a call that found out about files is booked beside the answer: as reported, else as an estimate", () => {
  const { take, read } = meter();
  take(sent);
  const messages = [{ role: "user" as const, parts: [{ type: "text" as const, text: words(96) }] }];
  take({ type: "probed", messages, usage: null, mostOutput: 16 });
  const guessed = read();
  const reported = { input: 300, cached: 0, cacheWritten: 0, output: 2 };
  take({ type: "probed", messages, usage: reported, mostOutput: 16 });
  const usage = { input: 1_000, cached: 0, cacheWritten: 0, output: 10 };
  take({ type: "done", finish: "stop", usage });
  // 96 tokens of text and 4 for the message.
  expect(read()).toMatchObject({ input: 100 + 300 + 1_000, output: 16 + 2 + 10, estimated: 116 });
  expect(read().costUsd).toBeCloseTo(1.4 * 10 + 28 * 0.05);
  expect(guessed.input).toBe(1_100);
});

test("usage reported before the end is used, and only the output is estimated", () => {
  const { take, read } = meter(() => 400);
  take(sent);
  const usage = { input: 1_234, cached: 1_000, cacheWritten: 0, output: 1 };
  take({ type: "alive", usage });
  take(text(20));
  expect(read()).toMatchObject({ input: 1_234, cached: 1_000, output: 20, estimated: 20 });
});

test("a server that begins with zeros is booked by estimate until it counts the prompt", () => {
  const { take, read } = meter(() => 400);
  take(sent);
  take({ type: "alive", usage: { input: 0, cached: 0, cacheWritten: 0, output: 0 } });
  take(text(20));
  expect(read()).toMatchObject({ input: 1_000, cached: 400, output: 20, estimated: 1_020 });
  const usage = { input: 1_234, cached: 1_000, cacheWritten: 0, output: 20 };
  take({ type: "alive", usage });
  expect(read()).toMatchObject({ input: 1_234, cached: 1_000, output: 20, estimated: 20 });
});

test("a tool call counts while it streams, and not twice once it is complete", () => {
  const { take, read } = meter();
  take(sent);
  take({ type: "alive", written: words(8) });
  expect(read().output).toBe(8);
  take({ type: "alive", written: words(2) });
  take({ type: "tool_call", name: "vote", arguments: words(10) });
  expect(read().output).toBe(10);
  take({ type: "tool_call", name: "vote", arguments: words(5) });
  expect(read().output).toBe(15);
});

test("a call that ends is booked as reported", () => {
  const { take, read } = meter(() => 400);
  take(sent);
  take(text(50));
  take({
    type: "done",
    finish: "stop",
    usage: { input: 900, cached: 0, cacheWritten: 0, output: 70 },
  });
  expect(read()).toMatchObject({ input: 900, cached: 0, output: 70 });
  expect(read().estimated).toBeUndefined();
});

test.for([null, { input: 0, cached: 0, cacheWritten: 0, output: 0 }])(
  "a server that reports %o is booked by estimate",
  (usage) => {
    const { take, read } = meter();
    take(sent);
    take(text(50));
    take({ type: "done", finish: "stop", usage });
    expect(read()).toMatchObject({ input: 1_000, output: 50, estimated: 1_050 });
  },
);

test("a rejected attempt costs nothing; a broken one costs what it had streamed", () => {
  const { take, read } = meter();
  take(sent);
  take(retrying("rate_limit"));
  expect(read()).toMatchObject({ input: 0, output: 0 });
  take(sent);
  take(text(20));
  take(retrying("network"));
  take(sent);
  take(text(5));
  expect(read()).toMatchObject({ input: 2_000, output: 25, estimated: 2_025 });
});

test("a timed-out call is billed for its prompt", () => {
  const { take, read, fail } = meter();
  take(sent);
  take(retrying("timeout"));
  take(sent);
  fail(new BackendError("overloaded", "busy"));
  expect(read()).toMatchObject({ input: 1_000, output: 0, estimated: 1_000 });
});

test("once the fallback takes over, its prices apply", () => {
  const { take, read } = meter();
  take(sent);
  take(retrying("rate_limit", "other/model"));
  take(sent);
  expect(read().costUsd).toBe(7);
});

test("queue time and model time are separate, and retry pauses count as neither", async () => {
  const { take, read, clock } = meter();
  await clock.advance(2_000);
  take(sent);
  await clock.advance(500);
  take(retrying("rate_limit"));
  await clock.advance(4_000);
  take(sent);
  await clock.advance(1_500);
  take(text(1));
  await clock.advance(3_000);
  expect(read()).toMatchObject({ queuedMs: 5_000, modelMs: 5_000, firstTokenMs: 8_000 });
});
