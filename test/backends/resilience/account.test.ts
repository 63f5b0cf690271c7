import { describe, expect, it } from "vitest";
import { BackendError } from "../../../src/backends/backend.ts";
import { done, listen, question, type Step, text } from "../scripted-backend.ts";
import { rateLimited, setUp } from "./set-up.ts";

describe("an account", () => {
  it("an account shares the pause of a rate limit: calls wait in the line, without a retry", async () => {
    const { clock, backend, inner } = setUp([[rateLimited(40_000)], [text("back"), done]]);
    const first = listen(backend.ask(question()));
    await clock.advance(0);
    const second = listen(backend.ask(question()));
    await clock.advance(39_999);
    expect(inner.requests).toHaveLength(1);
    await clock.advance(1000);
    expect([first.text(), second.text()]).toEqual(["back", "back"]);
    expect(second.retries()).toEqual([]);
    expect(second.events[0]).toEqual({
      type: "queued",
      cause: "rate_limit",
      resumesInMs: 40_000,
    });
  });

  it("an account waits for its own recovery from an outage where there is no fallback", async () => {
    const outage = new BackendError("overloaded", "Down.");
    const { clock, backend, inner } = setUp([
      ...Array<Step[]>(5).fill([outage]),
      [text("back"), done],
    ]);
    for (let n = 0; n < 2; n += 1) listen(backend.ask(question()));
    await clock.advance(2_000);
    expect(inner.requests).toHaveLength(5);
    const late = listen(backend.ask(question()));
    await clock.advance(15_000);
    expect(late.text()).toBe("back");
    expect(late.retries()[0]?.message).toMatch(
      /^openai is not available\. Parley tries it again in \d+ s\.$/,
    );
  });

  it("an account does not count the wait in its line as silence", async () => {
    const { clock, backend } = setUp([[100_000, text("long"), done], [done]], undefined, {
      ceiling: 1,
    });
    const first = listen(backend.ask(question(undefined, 1_000_000)));
    const second = listen(backend.ask(question(undefined, 1_000_000)));
    await clock.advance(100_000);
    expect(first.outcome).toBe("done");
    expect(second).toMatchObject({
      outcome: "done",
      events: [{ type: "queued", cause: "room" }, { type: "sent" }, done],
    });
  });

  it("an account lets an abort out of its line at once", async () => {
    const { clock, backend, inner } = setUp([["silence"]], undefined, { ceiling: 1 });
    const stop = new AbortController();
    listen(backend.ask(question()));
    const second = listen(backend.ask(question(stop.signal)));
    await clock.advance(0);
    stop.abort("stopped");
    await clock.advance(0);
    expect(second.outcome).toBe("stopped");
    expect(inner.requests).toHaveLength(1);
  });
});
