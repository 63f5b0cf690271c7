import { describe, expect, it } from "vitest";
import { done, listen, question, text } from "../scripted-backend.ts";
import { rateLimited, setUp } from "./set-up.ts";

describe("an account", () => {
  it("waits for its own recovery where there is no fallback", async () => {
    const { clock, backend, inner } = setUp([[rateLimited(40_000)], [text("back"), done]]);
    const first = listen(backend.ask(question()));
    await clock.advance(0);
    const second = listen(backend.ask(question()));
    await clock.advance(39_999);
    expect(inner.requests).toHaveLength(1);
    await clock.advance(1000);
    expect([first.text(), second.text()]).toEqual(["back", "back"]);
    expect(second.retries()[0]?.message).toBe(
      "openai is not available. Parley tries it again in 40 s.",
    );
  });

  it("does not count the wait in its line as silence", async () => {
    const { clock, backend, account } = setUp([[100_000, text("long"), done], [done]]);
    account.slots.resize(1);
    const first = listen(backend.ask(question(undefined, 1_000_000)));
    const second = listen(backend.ask(question(undefined, 1_000_000)));
    await clock.advance(100_000);
    expect(first.outcome).toBe("done");
    expect(second).toMatchObject({ outcome: "done", events: [{ type: "sent" }, done] });
  });

  it("lets an abort out of its line at once", async () => {
    const { clock, backend, account, inner } = setUp([["silence"]]);
    account.slots.resize(1);
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
