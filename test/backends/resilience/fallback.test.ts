import { describe, expect, it } from "vitest";
import { BackendError } from "../../../src/backends/backend.ts";
import { done, listen, question, text } from "../scripted-backend.ts";
import { overloaded, rateLimited, setUp } from "./set-up.ts";

describe("the fallback", () => {
  it("the fallback takes over when the retries are spent, and is announced by name", async () => {
    const { clock, backend } = setUp([[overloaded]], [[text("spare"), done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(1500);
    expect(heard.text()).toBe("spare");
    expect(heard.retries().at(-1)).toEqual({
      type: "retrying",
      attempt: 3,
      failure: "overloaded",
      message: "Overloaded.",
      delayMs: 0,
      backend: "openai/spare-1",
    });
  });

  it("the fallback takes over at once when the key is refused", async () => {
    const refused = new BackendError("auth", "Invalid key.");
    const { clock, backend } = setUp([[refused]], [[text("spare"), done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.text()).toBe("spare");
  });

  it.each([
    [
      "a model that is gone",
      new BackendError("bad_request", "No such model.", { reason: "model" }),
    ],
    ["a model without tools", new BackendError("bad_request", "It does not support tools.")],
    ["a content filter", new BackendError("refused", "Flagged by the content filter.")],
    ["an account without quota", new BackendError("rate_limit", "No quota.", { passing: false })],
    ["a region", new BackendError("bad_request", "Not available.", { reason: "region" })],
  ])("the fallback takes over at once from %s", async (_, error) => {
    const { clock, backend, inner } = setUp([[error]], [[text("spare"), done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.text()).toBe("spare");
    expect(inner.requests).toHaveLength(1);
  });

  it("the fallback takes over from a model that declines in its answer", async () => {
    const declined = { ...done, finish: "refusal" } as const;
    const { clock, backend } = setUp([[text("I cannot"), declined]], [[text("spare"), done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.text()).toBe("spare");
    expect(heard.retries()).toMatchObject([{ failure: "refused", backend: "openai/spare-1" }]);
  });

  it("the fallback takes over at once from a model that fell silent: there is no time for two", async () => {
    const { clock, backend, inner } = setUp([["silence"]], [[text("spare"), done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(120_000);
    expect(heard.text()).toBe("spare");
    expect(inner.requests).toHaveLength(1);
  });

  it("a prompt that is too long is cut, and does not go to the fallback", async () => {
    const tooLong = new BackendError("context", "prompt is too long");
    const { clock, backend, spare } = setUp([[tooLong]], [[done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.outcome).toBe(tooLong);
    expect(spare?.requests).toEqual([]);
  });

  it("the fallback fails with both stories", async () => {
    const { clock, backend } = setUp(
      [[new BackendError("auth", "Invalid key.")]],
      [[new BackendError("context", "Too long.")]],
    );
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.outcome).toMatchObject({
      failure: "context",
      message: "Too long. Before that: Invalid key.",
    });
  });

  it("the fallback takes over while the account is open, without calling it", async () => {
    const { clock, backend, inner } = setUp([[rateLimited(40_000)]], [[text("spare"), done]]);
    listen(backend.ask(question()));
    await clock.advance(0);
    const heard = listen(backend.ask(question()));
    await clock.advance(0);
    expect(heard.text()).toBe("spare");
    expect(inner.requests).toHaveLength(1);
  });
});
