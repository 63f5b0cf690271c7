import { describe, expect, it } from "vitest";
import { BackendError } from "../../../src/backends/backend.ts";
import { done, listen, question, text } from "../scripted-backend.ts";
import { overloaded, rateLimited, setUp } from "./set-up.ts";

describe("retries", () => {
  it("the backend starts over after a passing failure, and what was streamed before is void", async () => {
    const { clock, backend } = setUp([
      [text("Half an ans"), overloaded],
      [text("Whole."), done],
    ]);
    const heard = listen(backend.ask(question()));
    await clock.advance(500);
    expect(heard.outcome).toBe("done");
    expect(heard.text()).toBe("Whole.");
    expect(heard.retries()).toEqual([
      {
        type: "retrying",
        attempt: 1,
        failure: "overloaded",
        message: "Overloaded.",
        delayMs: 500,
      },
    ]);
  });

  it("the backend doubles the ceiling of its pauses and gives up after the allowed number", async () => {
    const { clock, backend, inner } = setUp([[overloaded]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(1500);
    expect(heard.outcome).toBe(overloaded);
    expect(inner.requests).toHaveLength(3);
    expect(heard.retries().map(({ delayMs }) => delayMs)).toEqual([500, 1000]);
  });

  it.each(["rate_limit", "overloaded", "network", "timeout", "incomplete"] as const)(
    "the backend retries %s",
    async (failure) => {
      const { clock, backend } = setUp([[new BackendError(failure, "")], [done]]);
      const heard = listen(backend.ask(question()));
      await clock.advance(1000);
      expect(heard.outcome).toBe("done");
    },
  );

  it.each(["auth", "bad_request", "context", "refused"] as const)(
    "the backend does not retry %s",
    async (failure) => {
      const error = new BackendError(failure, "");
      const { clock, backend, inner } = setUp([[error]]);
      const heard = listen(backend.ask(question()));
      await clock.advance(0);
      expect(heard.outcome).toBe(error);
      expect(inner.requests).toHaveLength(1);
    },
  );

  it("the backend does not retry a 429 that no waiting cures, such as an empty purse", async () => {
    const error = new BackendError("rate_limit", "insufficient_quota", { passing: false });
    const { clock, backend, inner } = setUp([[error]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.outcome).toBe(error);
    expect(inner.requests).toHaveLength(1);
  });

  it("the backend takes a stream that ends without `done` for a failure, not for an answer", async () => {
    const { clock, backend } = setUp([[text("cut he")], [text("whole"), done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(500);
    expect(heard.retries()[0]?.failure).toBe("incomplete");
    expect(heard.text()).toBe("whole");
  });

  it("the backend takes an error that its adapter did not classify for a dropped connection", async () => {
    const { clock, backend } = setUp([[new TypeError("terminated")], [done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(500);
    expect(heard.retries()[0]).toMatchObject({ failure: "network" });
    expect(heard.outcome).toBe("done");
  });
});

describe("a rate limit", () => {
  it("a rate limit is waited for in the line, exactly as long as the provider asks", async () => {
    const { clock, backend, inner } = setUp([[rateLimited(20_000)], [done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(19_999);
    expect(inner.requests).toHaveLength(1);
    expect(heard.events.slice(-1)).toEqual([
      { type: "queued", cause: "rate_limit", resumesInMs: 20_000 },
    ]);
    await clock.advance(1);
    expect(heard.outcome).toBe("done");
  });

  it("a rate limit does not use up the time of the move", async () => {
    const { clock, backend } = setUp([[rateLimited(20_000)], [overloaded], [text("late"), done]]);
    const heard = listen(backend.ask(question(undefined, 19_000)));
    await clock.advance(25_000);
    expect(heard.text()).toBe("late");
  });

  it("a rate limit ends the call at once when it holds for longer than the call may wait", async () => {
    const error = rateLimited(601_000);
    const { clock, backend } = setUp([[error]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.outcome).toBe(error);
    const next = listen(backend.ask(question()));
    await clock.advance(0);
    expect(next.outcome).toMatchObject({
      failure: "rate_limit",
      message: "The rate limit of openai is used up for another 11 min.",
    });
  });

  it("the waits of one call for a rate limit add up", async () => {
    const { clock, backend, inner } = setUp([[rateLimited(350_000)], [rateLimited(350_000)]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(350_000);
    expect(inner.requests).toHaveLength(2);
    expect(heard.outcome).toMatchObject({ failure: "rate_limit" });
  });

  it("a rate limit that names no time pauses the account ever longer, and costs a retry each time", async () => {
    const blunt = new BackendError("rate_limit", "Slow down.");
    const { clock, backend, inner } = setUp([[blunt]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(3_000);
    expect(heard.retries().map(({ delayMs }) => delayMs)).toEqual([1_000, 2_000]);
    expect(inner.requests).toHaveLength(3);
    expect(heard.outcome).toBe(blunt);
  });

  it("a rate limit costs no retry while the provider takes on others", async () => {
    const blunt = new BackendError("rate_limit", "Slow down.");
    const unlucky = [[blunt], [done], [blunt], [done], [blunt], [done], [blunt], [done]];
    const { clock, backend } = setUp([...unlucky, [text("at last"), done]]);
    const heard = listen(backend.ask({ ...question(), turnStartedAt: 1 }));
    for (let n = 0; n < 4; n += 1) {
      listen(backend.ask({ ...question(), turnStartedAt: 0 }));
      await clock.advance(1_000);
    }
    expect(heard.text()).toBe("at last");
    expect(heard.retries().length).toBeGreaterThan(2);
  });

  it("a rate limit goes to the fallback at once when it holds for more than ten seconds", async () => {
    const { clock, backend } = setUp([[rateLimited(20_000)]], [[text("spare"), done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.text()).toBe("spare");
  });
});

describe("abort", () => {
  it("an abort ends a call at once, even if its backend is deaf, and retries nothing", async () => {
    const { clock, backend, inner } = setUp([["silence"]]);
    const stop = new AbortController();
    const heard = listen(backend.ask(question(stop.signal)));
    await clock.advance(10);
    stop.abort("stopped");
    await clock.advance(0);
    expect(heard.outcome).toBe("stopped");
    expect(inner.requests).toHaveLength(1);
  });

  it("an abort ends a pause at once", async () => {
    const { clock, backend, inner } = setUp([[rateLimited(20_000)]]);
    const stop = new AbortController();
    const heard = listen(backend.ask(question(stop.signal)));
    await clock.advance(10);
    stop.abort("stopped");
    await clock.advance(0);
    expect(heard.outcome).toBe("stopped");
    expect(inner.requests).toHaveLength(1);
    expect(await clock.next()).toBe(false);
  });

  it("an abort is not mistaken for the failure that it causes", async () => {
    const stop = new AbortController();
    const { clock, backend, inner } = setUp([[100, overloaded]]);
    const heard = listen(backend.ask(question(stop.signal)));
    clock.setTimer(100, () => stop.abort("stopped"));
    await clock.advance(100);
    expect(heard.outcome).toBe("stopped");
    expect(inner.requests).toHaveLength(1);
  });

  it("a reader that just walks away closes the connection and frees the slot", async () => {
    const { clock, backend, inner } = setUp([[text("a"), text("b"), done]], undefined, {
      ceiling: 1,
    });
    for await (const event of backend.ask(question())) if (event.type === "text") break;
    expect(inner.requests[0]?.signal.aborted).toBe(true);
    expect(inner.running()).toBe(0);
    const next = listen(backend.ask(question()));
    await clock.advance(0);
    expect(next.outcome).toBe("done");
  });
});
