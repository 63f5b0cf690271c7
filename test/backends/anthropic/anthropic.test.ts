import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import {
  type AnthropicOptions,
  createAnthropicBackend,
} from "../../../src/backends/anthropic/anthropic.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { frame } from "../../servers/model-wire.ts";
import { ask, calls, failure, said } from "../ask.ts";
import { describeBackendContract } from "../contract.ts";

describeBackendContract("anthropic", {
  wire: "anthropic",
  keyName: "ANTHROPIC_API_KEY",
  create: ({ url, ...options }) => createAnthropicBackend({ ...options, baseUrl: url }),
  differs: { tries: { auth: 2 } },
});

describe("anthropic", () => {
  const faults = useModelFaults();

  const answered = { type: "answer", reply: { text: "ok" } } as const;
  const backend = (options: Partial<AnthropicOptions> = {}) =>
    createAnthropicBackend({
      model: "claude-opus-5-5",
      apiKey: "sk-ant-0123456789",
      baseUrl: faults().url,
      mayForce: true,
      ...options,
    });
  const sse = (...events: readonly Record<string, unknown>[]) =>
    ({
      type: "raw",
      body: events.map((event) => frame(event, String(event["type"]))).join(""),
    }) as const;
  const stopping = (stop_reason: string, rest: Record<string, unknown> = {}) =>
    sse({ type: "message_delta", delta: { stop_reason, ...rest } }, { type: "message_stop" });
  const headers = () => faults().requests.map((request) => request.headers);

  test("Anthropic speaks version 2026-10-21 with the key as a bearer token", async () => {
    faults().play(answered);
    await ask(backend());
    expect(headers()).toMatchObject([
      { authorization: "Bearer sk-ant-0123456789", "anthropic-version": "2026-10-21" },
    ]);
  });

  test("a gateway that does not know bearer tokens gets x-api-key, from then on at once", async () => {
    faults().play({ type: "refuse", error: "auth" }, answered, answered);
    const one = backend();
    expect(said(await ask(one))).toBe("ok");
    await ask(one);
    const old = { "x-api-key": "sk-ant-0123456789", "anthropic-version": "2023-06-01" };
    expect(headers().slice(1)).toMatchObject([old, old]);
    expect(headers()[2]).not.toHaveProperty("authorization");
  });

  test("the error is what the gateway says to x-api-key, once that is accepted", async () => {
    faults().play({ type: "refuse", error: "auth" }, { type: "refuse", error: "rate_limit" });
    expect((await failure(backend())).failure).toBe("rate_limit");
  });

  test("a call without a key sends nothing and names the variable", async () => {
    const thrown = await failure(backend({ apiKey: undefined }));
    expect(thrown.message).toBe(
      "Anthropic needs a key. Set ANTHROPIC_API_KEY, or api_key in the team file, to a valid key.",
    );
    expect(faults().requests).toHaveLength(0);
  });

  test("an authorization header replaces a key", async () => {
    faults().play(answered);
    await ask(backend({ apiKey: undefined, headers: { "X-Api-Key": "from the gateway" } }));
    expect(headers()).toMatchObject([{ "x-api-key": "from the gateway" }]);
    expect(headers()[0]).not.toHaveProperty("authorization");
  });

  test("an error never shows the value of a configured header", async () => {
    faults().play({
      type: "raw",
      status: 400,
      headers: { "content-type": "application/json" },
      body: '{"error":{"type":"invalid_request_error","message":"bad header hush-hush"}}',
    });
    const thrown = await failure(backend({ headers: { "x-gateway": "hush-hush" } }));
    expect(thrown.message).toBe("Anthropic: bad header [redacted] (HTTP 400)");
  });

  test("an error about an unknown model names the model and the address", async () => {
    faults().play({ type: "refuse", error: "not_found" });
    expect((await failure(backend())).message).toBe(
      `Anthropic has no model "claude-opus-5-5" at ${faults().url}: model: no-such-model (HTTP 404). Check model and base_url.`,
    );
  });

  test("a call fails as 'context' when the window is full in the middle of an answer", async () => {
    faults().play(stopping("model_context_window_exceeded"));
    expect((await failure(backend())).failure).toBe("context");
  });

  test("an error says why the model refused, if it wrote nothing else", async () => {
    faults().play(stopping("refusal", { stop_details: { explanation: "It could do harm." } }));
    const thrown = await failure(backend());
    expect(thrown.failure).toBe("refused");
    expect(thrown.message).toBe("Anthropic refused to answer: It could do harm");
  });

  test("arguments are read from gateways that send them with the start of the call", async () => {
    const content_block = { type: "tool_use", id: "t", name: "vote", input: { reason: "r" } };
    faults().play(
      sse(
        { type: "content_block_start", index: 0, content_block },
        { type: "content_block_stop", index: 0 },
        { type: "message_delta", delta: { stop_reason: "tool_use" } },
        { type: "message_stop" },
      ),
    );
    const events = await ask(backend());
    expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason":"r"}' }]);
    expect(events.at(-1)).toEqual({ type: "done", finish: "tool", usage: null });
  });

  test("pings are read, and unknown events ignored", async () => {
    faults().play(
      sse(
        { type: "ping" },
        { type: "of_the_future", data: 1 },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "42" } },
        { type: "message_delta", delta: { stop_reason: "end_turn" } },
      ),
    );
    const events = await ask(backend());
    expect(events.map(({ type }) => type)).toEqual(["alive", "text", "done"]);
  });

  test("a call fails as 'incomplete' if the reply is not JSON", async () => {
    faults().play({ type: "raw", body: "event: message_start\ndata: {oops\n\n" });
    expect((await failure(backend())).failure).toBe("incomplete");
  });

  test("errors are read from gateways that name neither the event's type nor the error's", async () => {
    const body = frame({ error: { message: "all workers are busy" } }, "error");
    faults().play({ type: "raw", body });
    expect((await failure(backend())).message).toBe("Anthropic: all workers are busy");
  });

  test("a call does not wait for the connection to close after the message has ended", async () => {
    faults().play({ type: "stall", after: { text: "ok" }, finished: true });
    expect((await ask(backend())).at(-1)).toMatchObject({ type: "done" });
  });

  test("a call removes its listener from the signal", async () => {
    faults().play(answered, { type: "drop", after: {} });
    const { signal } = new AbortController();
    await ask(backend(), { signal });
    await failure(backend(), { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
