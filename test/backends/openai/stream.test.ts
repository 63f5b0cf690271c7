import { describe, expect, test } from "vitest";
import { createOpenAIBackend } from "../../../src/backends/openai/openai.ts";
import { frame } from "../../servers/model-wire.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, calls, failure, said } from "../ask.ts";

describe("a stream of openai's", () => {
  const faults = useModelFaults();
  const backend = (path = "/v1") =>
    createOpenAIBackend({
      model: "gpt-test",
      apiKey: "sk-test-0123456789",
      baseUrl: `${faults().url}${path}`,
      mayForce: true,
    });
  const stream = (...events: { readonly type: string; readonly [field: string]: unknown }[]) =>
    ({ type: "raw", body: events.map((event) => frame(event, event.type)).join("") }) as const;
  const failed = (code: string, message: string) =>
    stream({ type: "response.failed", response: { error: { code, message } } });

  describe("a failure", () => {
    test.each([
      ["context_length_exceeded", "Your input exceeds the context window.", "context"],
      ["server_is_overloaded", "Our servers are overloaded.", "overloaded"],
      ["server_error", "An error occurred.", "overloaded"],
      ["image_content_policy_violation", "This image may not be used.", "refused"],
      ["invalid_image", "The image is broken.", "bad_request"],
    ])("a failure of the response is known by its code (%s)", async (code, message, class_) => {
      faults().play(failed(code, message));
      const thrown = await failure(backend());
      expect(thrown.failure).toBe(class_);
      expect(thrown.message).toContain(message.slice(0, -1));
    });

    test("a rate limit within the response tells the wait in its words", async () => {
      faults().play(failed("rate_limit_exceeded", "Limit 30000. Please try again in 1.5s."));
      expect(await failure(backend())).toMatchObject({ failure: "rate_limit", retryAfterMs: 1500 });
    });

    test("a failure of the response by an empty account does not pass", async () => {
      faults().play(failed("insufficient_quota", "You exceeded your current quota."));
      expect(await failure(backend())).toMatchObject({ failure: "rate_limit", passing: false });
    });

    test("a failure with retry-after-ms is waited for to the millisecond", async () => {
      faults().play({ type: "refuse", error: "rate_limit", headers: { "retry-after-ms": "250" } });
      expect((await failure(backend())).retryAfterMs).toBe(250);
    });

    test("a failure at an address without a version asks whether one is missing", async () => {
      faults().play({ type: "raw", status: 404, body: "404 page not found" });
      const thrown = await failure(backend("/openai"));
      expect(thrown.message).toMatch(/does the base URL end in \/v1\?/);
    });

    test("an event that is no JSON makes an incomplete answer", async () => {
      faults().play({ type: "raw", body: 'data: {"type": "resp\n\n' });
      expect((await failure(backend())).failure).toBe("incomplete");
    });
  });

  test("an answer that a filter cut is a refusal", async () => {
    faults().play(
      stream(
        { type: "response.output_text.delta", delta: "First" },
        {
          type: "response.incomplete",
          response: { incomplete_details: { reason: "content_filter" } },
        },
      ),
    );
    expect((await ask(backend())).at(-1)).toEqual({
      type: "done",
      finish: "refusal",
      usage: null,
    });
  });

  test("what the model says on the way is thinking, not answer", async () => {
    const item = (output_index: number, phase: string) => ({
      type: "response.output_item.added",
      output_index,
      item: { type: "message", phase },
    });
    const delta = (output_index: number, text: string) => ({
      type: "response.output_text.delta",
      output_index,
      delta: text,
    });
    faults().play(
      stream(
        item(0, "commentary"),
        delta(0, "Let me look it up."),
        item(1, "final_answer"),
        delta(1, "It is 42."),
        { type: "response.completed", response: {} },
      ),
    );
    const events = await ask(backend());
    expect(said(events, "thinking")).toBe("Let me look it up.");
    expect(said(events)).toBe("It is 42.");
    expect(calls(events)).toEqual([]);
  });
});
