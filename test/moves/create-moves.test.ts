import { describe, expect, it, vi } from "vitest";
import type { BackendEvent } from "../../src/backends/backend.ts";
import { AgentId } from "../../src/ids.ts";
import { createScriptedBackend, done, text } from "../backends/scripted-backend.ts";
import { asks, talk } from "../context/conversations.ts";
import { textFile } from "../conversation/thread.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { call, callsFor, move, nova, play, says, seat } from "./table.ts";

const retrying: BackendEvent = {
  type: "retrying",
  attempt: 1,
  failure: "overloaded",
  message: "busy",
  delayMs: 500,
};

describe("streaming", () => {
  it("hands on text as it comes", async () => {
    const { streamed } = await play(move("answer"), [[text("Sev"), text("en."), done]]);
    expect(streamed()).toBe("Seven.");
  });

  it("starts over when the backend does, and tells why", async () => {
    const script = [text("Sev"), call("new_answer", "{"), retrying, text("Eight."), done];
    const { outcome, streamed, retries } = await play(move("answer"), [script]);
    expect(outcome).toMatchObject({ text: "Eight." });
    expect(streamed()).toBe("Eight.");
    expect(retries).toEqual([{ attempt: 1, failure: "overloaded", message: "busy", delayMs: 500 }]);
  });

  it("starts over when a reply has to be corrected", async () => {
    const { streamed } = await play(move("review"), [
      says("I prefer B."),
      callsFor(call("vote", { scores: { B: 9 } })),
    ]);
    expect(streamed()).toBe("");
  });
});

describe("usage", () => {
  it("is estimated where the server counts nothing", async () => {
    const none = { input: 0, cached: 0, cacheWritten: 0, output: 0 };
    const { usage } = await play(move("answer"), [
      [text("Twelve letters."), { type: "done", finish: "stop", usage: none }],
    ]);
    expect(usage?.input).toBeGreaterThan(100);
    expect(usage?.output).toBeGreaterThan(0);
  });

  it("adds up all calls of a move, priced one by one", async () => {
    const { usage } = await play(move("review"), [says("B."), says("B!")]);
    expect(usage).toEqual({
      input: 20,
      cached: 0,
      output: 10,
      costUsd: expect.closeTo(4e-5, 9),
      firstTokenMs: 0,
    });
  });

  it("leaves an unknown price unknown", async () => {
    const { options } = seat([]);
    const cost = vi.fn().mockReturnValueOnce(1).mockReturnValue(null);
    const clock = createFakeClock();
    const backend = createScriptedBackend(clock, [says("B."), says("B!")]);
    const agents = options.agents.map((agent) => ({ ...agent, backend, cost }));
    const { moves, hooks } = seat([], { agents });
    expect(await moves.start(move("review"), hooks)).toMatchObject({ usage: { costUsd: null } });
  });

  it("of a fallback has its own price, or none that is known", async () => {
    const script = [{ ...retrying, backend: "spare" }, ...says("Seven.")];
    const backend = createScriptedBackend(createFakeClock(), [script, script]);
    const priced = async (extra: object) => {
      const agents = seat(backend).options.agents.map((agent) => ({ ...agent, ...extra }));
      const { moves, hooks } = seat(backend, { agents });
      return (await moves.start(move("answer"), hooks)).usage?.costUsd;
    };
    expect(await priced({ fallbackCost: () => 3 })).toBe(3);
    expect(await priced({})).toBeNull();
  });

  it("is estimated where the backend does not report it", async () => {
    const silentDone = { type: "done", finish: "stop", usage: null } as const;
    const { usage } = await play(move("answer"), [[text("Seven times seven."), silentDone]]);
    expect(usage?.input).toBeGreaterThan(1000);
    expect(usage?.output).toBe(5);
  });

  it("measures the time to the first token", async () => {
    const { clock, moves, hooks } = seat([[{ type: "alive" }, 300, text("Seven."), 200, done]]);
    const running = moves.start(move("answer"), hooks);
    await clock.advance(1000);
    expect(await running).toMatchObject({ usage: { firstTokenMs: 300 } });
  });

  it("teaches the calibration, unless files or another backend were in play", async () => {
    const usage = { input: 4000, cached: 0, cacheWritten: 0, output: 5 };
    const reported = [text("x"), { type: "done", finish: "stop", usage } as const];
    const factorAfter = async (...args: Parameters<typeof play>) =>
      (await play(...args)).options.calibration.factor("openai:scripted-1");
    expect(await factorAfter(move("answer"), [reported])).toBeGreaterThan(1);
    const takenOver = [{ ...retrying, backend: "spare" }, ...reported];
    expect(await factorAfter(move("answer"), [takenOver])).toBe(1);
    const image = { ...textFile("a.gif", "GIF89a", "image/gif") };
    const conversation = talk(asks("?", "Ada", [image]));
    expect(await factorAfter(move("answer"), [reported], { conversation })).toBe(1);
  });
});

describe("an abort", () => {
  it("resolves at once, whatever the backend does", async () => {
    const { moves, hooks, abort } = seat([["silence"]]);
    const running = moves.start(move("answer"), hooks);
    abort();
    expect(await running).toMatchObject({ kind: "failed", message: "aborted" });
  });

  it("before the first call asks nobody", async () => {
    const clock = createFakeClock();
    const backend = createScriptedBackend(clock, [says("x")]);
    const { moves, hooks, abort } = seat(backend);
    abort();
    expect(await moves.start(move("answer"), hooks)).toMatchObject({ message: "aborted" });
    await clock.advance(0);
    expect(backend.requests).toEqual([]);
  });
});

describe("an estimate", () => {
  it("is the prompt and the output reserved, with its price", async () => {
    const { moves } = seat([]);
    const { tokens, costUsd } = await moves.estimate(move("answer"));
    expect(tokens).toBeGreaterThan(5000);
    expect(tokens).toBeLessThan(7000);
    expect(costUsd).toBeCloseTo((tokens - 4000) * 1e-6 + 4000 * 2e-6, 6);
  });

  it("grows with the answers under review", async () => {
    const { moves } = seat([]);
    const [answer, review] = [
      await moves.estimate(move("answer")),
      await moves.estimate(move("review")),
    ];
    expect(review.tokens).toBeGreaterThan(answer.tokens);
  });

  it("reserves at most half a small window", async () => {
    const { options } = seat([]);
    const facts = { contextWindow: 8000, maxOutputTokens: 100_000 };
    const { moves } = seat([], { agents: options.agents.map((agent) => ({ ...agent, facts })) });
    expect((await moves.estimate(move("answer"))).tokens).toBeLessThan(8000);
  });
});

it("loads the files of a thread once for all agents and moves", async () => {
  const file = textFile("plan.txt", "Blue.");
  const load = vi.fn(() => file.load(new AbortController().signal));
  const conversation = talk(asks("Read", "Ada", [{ ...file, load }]));
  const { moves, hooks } = seat([says("x")], { conversation });
  await Promise.all([
    moves.estimate(move("answer")),
    moves.start(move("answer"), hooks),
    moves.start(move("present"), hooks),
  ]);
  expect(load).toHaveBeenCalledTimes(1);
});

it("gives each call the time that is left of its move", async () => {
  const { requests, options } = await play(move("answer"), [says("x")], { cacheKey: "thread-1" });
  expect(requests[0]?.deadline).toBe(options.policy.limits.move_timeout * 1000);
  expect(requests[0]?.cacheKey).toBe("thread-1");
});

it("says in one line what an agent could not read, once it was asked", async () => {
  const conversation = talk(
    ...Array.from({ length: 100 }, (_, i) => asks(`${i} ${"x".repeat(10_000)}`)),
    asks("?"),
  );
  const { moves, hooks } = seat([says("x")], { conversation });
  expect(moves.omissions()).toEqual([]);
  await moves.start(move("answer"), hooks);
  expect(moves.omissions()).toEqual([expect.stringMatching(/^Not read: \d+ older messages\.$/)]);
});

it("names the files that a model does not get: those of this request, and those just refused", async () => {
  const cat = { ...textFile("cat.png", "", "image/png"), mediaType: "image/png" };
  const conversation = talk(asks("old"), asks("Look", "Ada", [cat]));
  const files = [
    { file: "cat.png", why: "this model reads no images", isNew: false },
    { file: "told-before.pdf", why: "its provider cannot read this file", isNew: false },
    { file: "broken.pdf", why: "its provider cannot read this file", isNew: true },
  ];
  const script = [{ type: "left_out", files } as const, text("Seven."), done];
  const { moves, hooks } = seat([script], { conversation });
  await moves.start(move("answer"), hooks);
  await moves.start(move("answer"), hooks);
  expect(moves.omissions().at(-1)).toBe(
    "Not read by scripted-1: cat.png (this model reads no images), broken.pdf (its provider cannot read this file).",
  );
});

it("fails a move of an agent that the team does not have", async () => {
  const { moves, hooks } = seat([]);
  const stranger = move("answer", { agent: AgentId.parse("stranger") });
  expect(await moves.start(stranger, hooks)).toMatchObject({ kind: "failed" });
  expect(await moves.estimate(stranger)).toEqual({ tokens: 0, costUsd: 0 });
  expect(nova).not.toBe(stranger.agent);
});
