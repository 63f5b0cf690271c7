import { describe, expect, it } from "vitest";
import { done, listen, question, text } from "../scripted-backend.ts";
import { setUp } from "./set-up.ts";

describe("the watchdog", () => {
  it("cuts a model that gives no first sign, and retries", async () => {
    const { clock, backend, inner } = setUp([["silence"], [done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(119_999);
    expect(heard.retries()).toEqual([]);
    await clock.advance(501);
    expect(heard.retries()[0]).toMatchObject({
      failure: "timeout",
      message: "openai/scripted-1 gave no sign of life for 120 s.",
    });
    expect(inner.requests[0]?.signal.aborted).toBe(true);
    expect(heard.outcome).toBe("done");
  });

  it("cuts a stream that stalls between two events", async () => {
    const { clock, backend } = setUp([[text("a"), 59_000, text("b"), "silence"], [done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(59_000 + 59_999);
    expect(heard.retries()).toEqual([]);
    await clock.advance(501);
    expect(heard.retries()[0]?.message).toBe("The stream of openai/scripted-1 stalled for 60 s.");
  });

  it("is reset by bytes without content", async () => {
    const alive = { type: "alive" } as const;
    const { clock, backend } = setUp([[50_000, alive, 50_000, alive, 50_000, text("late"), done]]);
    const heard = listen(backend.ask(question(undefined, 1_000_000)));
    await clock.advance(150_000);
    expect(heard.text()).toBe("late");
  });

  it("does not count the time that its reader takes", async () => {
    const { clock, backend } = setUp([[text("a"), text("b"), done]]);
    const events = backend.ask(question())[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { type: "sent" } });
    await events.next();
    await clock.advance(1_000_000);
    expect(await events.next()).toMatchObject({ value: text("b") });
  });
});
