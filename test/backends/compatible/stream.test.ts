import { describe, expect, test, vi } from "vitest";
import { createCompatibleBackend } from "../../../src/backends/compatible/compatible.ts";
import { frame } from "../../servers/model-wire.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, calls, failure, said } from "../ask.ts";
import { listen, question } from "../scripted-backend.ts";

const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
const finish = (reason: string) => ({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
const piece = (fields: object) => delta({ tool_calls: [fields] });

describe("a stream of a compatible server", () => {
  const faults = useModelFaults();
  const backend = (path = "/v1") =>
    createCompatibleBackend({
      model: "llama4",
      apiKey: undefined,
      baseUrl: `${faults().url}${path}`,
      mayForce: true,
    });
  const streamed = (...chunks: readonly object[]) => {
    faults().play({ type: "raw", body: chunks.map((chunk) => frame(chunk)).join("") });
    return ask(backend());
  };
  const refused = (status: number, body: unknown) => {
    faults().play({ type: "raw", status, body: JSON.stringify(body) });
    return failure(backend());
  };

  test("a stream that breaks off hands on what was held back before it fails", async () => {
    const body = ["Hel", "Hello my"].map((content) => frame(delta({ content }))).join("");
    faults().play({ type: "raw", body });
    const heard = listen(backend().ask(question()));
    await vi.waitUntil(() => heard.outcome !== undefined);
    expect(heard.text()).toBe("HelHello my");
    expect(heard.outcome).toMatchObject({ failure: "incomplete" });
  });

  describe("with tool calls", () => {
    const vote = { name: "vote", arguments: '{"reason":"a"}' };
    const answer = { name: "new_answer", arguments: '{"content":"b"}' };

    test("pieces of a call are put together by their number", async () => {
      const events = await streamed(
        piece({ index: 0, id: "1", function: { name: "vote", arguments: "" } }),
        piece({ index: 1, id: "2", function: { name: "new_answer", arguments: '{"cont' } }),
        piece({ index: 0, function: { arguments: '{"reason":"a"}' } }),
        piece({ index: 1, function: { arguments: 'ent":"b"}' } }),
        finish("tool_calls"),
      );
      expect(calls(events)).toEqual([vote, answer]);
    });

    test.each([
      ["has no ids and no numbers", { function: vote }, { function: answer }],
      [
        "has no ids and numbers all 0",
        { index: 0, function: vote },
        { index: 0, function: answer },
      ],
      [
        "has ids and numbers all 0",
        { index: 0, id: "1", function: vote },
        { index: 0, id: "2", function: answer },
      ],
    ])("whole calls are read from a server that %s", async (_name, first, second) => {
      const events = await streamed(piece(first), piece(second), finish("stop"));
      expect(calls(events)).toEqual([vote, answer]);
    });

    test("a name and an id that come with every piece make one call", async () => {
      const part = (text: string) =>
        piece({ index: 0, id: "1", function: { name: "vote", arguments: text } });
      const events = await streamed(part('{"reason"'), part(':"a"}'), finish("tool_calls"));
      expect(calls(events)).toEqual([vote]);
    });

    test("arguments are read that come as an object", async () => {
      const events = await streamed(
        piece({ index: 0, function: { name: "vote", arguments: { reason: "a" } } }),
        finish("stop"),
      );
      expect(calls(events)).toEqual([vote]);
    });

    test("a stream ends with its tool call, though the server says stop", async () => {
      const events = await streamed(piece({ index: 0, function: vote }), finish("stop"));
      expect(events.at(-1)).toEqual({ type: "done", finish: "tool", usage: null });
    });
  });

  test("the thinking of OpenRouter's models shows as that of vLLM's", async () => {
    const events = await streamed(
      delta({ reasoning: "Hmm. " }),
      delta({ reasoning_content: "Well." }),
      delta({ content: "42" }),
      finish("stop"),
    );
    expect(said(events, "thinking")).toBe("Hmm. Well.");
    expect(said(events)).toBe("42");
  });

  test("content is read in parts", async () => {
    const events = await streamed(
      delta({ content: [{ type: "thinking", thinking: [] }] }),
      delta({ content: [{ type: "text", text: "42" }] }),
      finish("stop"),
    );
    expect(said(events)).toBe("42");
  });

  describe("with usage", () => {
    const used = async (usage: object) =>
      (await streamed(delta({ content: "42" }), finish("stop"), { choices: [], usage })).at(-1);

    test("DeepSeek's cached tokens are counted", async () => {
      const usage = { prompt_tokens: 90, completion_tokens: 5, prompt_cache_hit_tokens: 64 };
      expect(await used(usage)).toMatchObject({ usage: { input: 90, cached: 64, output: 5 } });
    });

    test("the reasoning that Grok leaves out of the completion is counted", async () => {
      const usage = { prompt_tokens: 90, completion_tokens: 5, total_tokens: 195 };
      expect(await used(usage)).toMatchObject({ usage: { input: 90, output: 105 } });
    });

    test("usage that makes no sense is unknown", async () => {
      expect(await used({ prompt_tokens: "many" })).toMatchObject({ usage: null });
    });
  });

  describe("that fails", () => {
    test("a failure with a status in an error chunk is known by it", async () => {
      const error = { code: 429, message: "Rate limited", metadata: { raw: "upstream is busy" } };
      faults().play({ type: "raw", body: frame({ error }) });
      const thrown = await failure(backend());
      expect(thrown.failure).toBe("rate_limit");
      expect(thrown.message).toContain("upstream is busy");
    });

    test("the finish reason error means that the server is overloaded", async () => {
      const body = [delta({ content: "It is" }), finish("error")].map((c) => frame(c)).join("");
      faults().play({ type: "raw", body });
      expect((await failure(backend())).failure).toBe("overloaded");
    });

    test.each([
      "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
      "the request exceeds the available context size. try increasing the context size",
      "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
      "Prompt is too long",
    ])("a failure for want of room is known by its words (%s)", async (message) => {
      expect((await refused(400, { object: "error", message, code: 400 })).failure).toBe("context");
    });

    test("a failure for want of money does not pass", async () => {
      const thrown = await refused(402, { error: { message: "Insufficient credits", code: 402 } });
      expect(thrown).toMatchObject({ failure: "rate_limit", passing: false });
    });

    test("a question that moderation stopped is refused", async () => {
      const error = { code: "moderation_blocked", message: "Your input was flagged" };
      expect((await refused(403, { error })).failure).toBe("refused");
    });

    test("a failure at an address without a version asks whether one is missing", async () => {
      faults().play({ type: "raw", status: 404, body: "404 page not found" });
      const thrown = await failure(backend("/ollama"));
      expect(thrown.failure).toBe("bad_request");
      expect(thrown.message).toMatch(
        /"llama4".*404 page not found.*does the base URL end in \/v1\?/,
      );
    });

    test("an answer that is a web page means a wrong address", async () => {
      faults().play({ type: "raw", headers: { "content-type": "text/html" }, body: "<html>" });
      expect(await failure(backend())).toMatchObject({ failure: "bad_request", reason: "address" });
    });
  });
});
