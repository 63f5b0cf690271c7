import { describe, expect, it, vi } from "vitest";
import { type Backend, BackendError } from "../../src/backends/backend.ts";
import { createScriptedBackend, done, text } from "../backends/scripted-backend.ts";
import { asks, talk } from "../context/conversations.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { call, callsFor, move, says, scores, seat } from "./table.ts";

describe("a move's prompt", () => {
  const long = talk(
    ...Array.from({ length: 100 }, (_, i) => asks(`${i} ${"x".repeat(10_000)}`)),
    asks("?"),
  );

  it("is built once, for its estimate and its call", async () => {
    // Each prompt that leaves messages out asks for their summary.
    const summary = vi.fn(() => "They talked.");
    const scripts = [says("x"), callsFor(call("vote", { scores: scores({ A: 5, B: 5, C: 5 }) }))];
    const { moves, hooks } = seat(scripts, { conversation: long, summary });
    for (const one of [move("answer"), move("review")]) {
      await moves.estimate(one);
      await moves.start(one, hooks);
    }
    expect(summary).toHaveBeenCalledTimes(2);
  });

  it("is built again, shorter, after the model found it too long", async () => {
    const summary = vi.fn(() => "They talked.");
    const tooLong = new BackendError("context", "The prompt is too long.");
    const { moves, hooks } = seat([[tooLong], says("x")], { conversation: long, summary });
    await moves.estimate(move("answer"));
    expect(await moves.start(move("answer"), hooks)).toMatchObject({ text: "x" });
    expect(summary).toHaveBeenCalledTimes(2);
  });

  it("goes out in an iteration of the event loop of its own if it is large", async () => {
    let iteration = 0;
    const next = () => {
      iteration += 1;
      ticking = setImmediate(next);
    };
    let ticking = setImmediate(next);
    const asked: number[] = [];
    const listening: Backend = {
      ...createScriptedBackend(createFakeClock(), []),
      async *ask() {
        asked.push(iteration);
        yield* [text("x"), done];
      },
    };
    const ids = ["a", "b", "c"].map((id) => move("answer", { id }));
    const { moves, hooks } = seat(listening, { conversation: long });
    for (const one of ids) await moves.estimate(one);
    await Promise.all(ids.map((one) => moves.start(one, hooks)));
    clearImmediate(ticking);
    expect(new Set(asked).size).toBe(3);
  });
});
