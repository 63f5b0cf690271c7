import { afterEach, describe, expect, test, vi } from "vitest";
import { createOpenAIBackend } from "../../../src/backends/openai/openai.ts";
import type { OpenAIOptions } from "../../../src/backends/openai/openai.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, failure, file, said, voteTool } from "../ask.ts";
import { describeBackendContract } from "../contract.ts";

describeBackendContract("openai", {
  wire: "responses",
  keyName: "OPENAI_API_KEY",
  create: ({ url, ...options }) => createOpenAIBackend({ ...options, baseUrl: `${url}/v1` }),
});

describe("openai", () => {
  const faults = useModelFaults();
  afterEach(() => vi.unstubAllEnvs());
  const answered = { type: "answer", reply: { text: "ok" } } as const;
  const backend = (options: Partial<OpenAIOptions> = {}) =>
    createOpenAIBackend({
      model: "gpt-test",
      apiKey: "sk-test-0123456789",
      baseUrl: `${faults().url}/v1`,
      mayForce: true,
      ...options,
    });
  const bodies = () => faults().requests.map((request) => request.body);

  describe("on the wire", () => {
    test("a plain question is stored nowhere and asks for a summary of the thinking", async () => {
      faults().play(answered);
      await ask(backend(), { system: ["Rules.", "You are Ada."] });
      expect(faults().requests[0]?.path).toBe("/v1/responses");
      expect(bodies()[0]).toEqual({
        model: "gpt-test",
        stream: true,
        store: false,
        instructions: "Rules.\n\nYou are Ada.",
        input: [
          {
            role: "user",
            content: [{ type: "input_text", text: "Ada: what is 6 × 7?" }],
          },
        ],
        reasoning: { summary: "auto" },
      });
    });

    test("tools are strict and called one at a time, and the conversation routes the cache", async () => {
      faults().play(answered);
      await ask(backend(), { tools: [voteTool], cacheKey: "conversation-1" });
      expect(bodies()[0]).toMatchObject({
        tools: [{ type: "function", name: "vote", strict: true, parameters: voteTool.schema }],
        tool_choice: "auto",
        parallel_tool_calls: false,
        prompt_cache_key: "conversation-1",
      });
    });

    test("the configured effort, search, limit, headers and extra fields go along", async () => {
      faults().play(answered);
      const options = {
        reasoning: "high",
        webSearch: true,
        maxOutputTokens: 500,
        headers: { "x-team": "council" },
        options: { service_tier: "flex", store: true },
      } as const;
      await ask(backend(options), { maxOutputTokens: 900 });
      expect(bodies()[0]).toMatchObject({
        reasoning: { effort: "high", summary: "auto" },
        tools: [{ type: "web_search" }],
        max_output_tokens: 500,
        service_tier: "flex",
        store: true,
      });
      expect(faults().requests[0]?.headers["x-team"]).toBe("council");
    });

    test("without reasoning there is no summary to ask for", async () => {
      faults().play(answered);
      await ask(backend({ reasoning: "none" }));
      expect(bodies()[0]?.["reasoning"]).toEqual({ effort: "none" });
    });

    test("images and documents go as data URLs, and what an assistant said as plain text", async () => {
      faults().play(answered);
      await ask(backend(), {
        messages: [
          { role: "user", parts: [file("cat.png", "image/png"), file("a.pdf", "application/pdf")] },
          { role: "assistant", parts: [{ type: "text", text: "A cat." }] },
        ],
      });
      expect(bodies()[0]?.["input"]).toEqual([
        {
          role: "user",
          content: [
            { type: "input_image", detail: "auto", image_url: "data:image/png;base64,Ynl0ZXM=" },
            {
              type: "input_file",
              filename: "a.pdf",
              file_data: "data:application/pdf;base64,Ynl0ZXM=",
            },
          ],
        },
        { role: "assistant", content: "A cat." },
      ]);
    });

    test("the environment's organisation stays out of it", async () => {
      vi.stubEnv("OPENAI_ORG_ID", "org-secret");
      faults().play(answered);
      await ask(backend());
      expect(faults().requests[0]?.headers["openai-organization"]).toBeUndefined();
    });
  });

  describe("without a key", () => {
    test("a call without a key names the variable and sends nothing, whatever the process's environment holds", async () => {
      vi.stubEnv("OPENAI_API_KEY", "sk-of-somebody-else");
      const thrown = await failure(backend({ apiKey: undefined }));
      expect(thrown.failure).toBe("auth");
      expect(thrown.message).toContain("OPENAI_API_KEY");
      expect(faults().requests).toHaveLength(0);
    });

    test("a configured authorization header is enough", async () => {
      faults().play(answered);
      await ask(backend({ apiKey: undefined, headers: { Authorization: "Bearer of-proxy" } }));
      expect(faults().requests[0]?.headers["authorization"]).toBe("Bearer of-proxy");
    });
  });

  describe("a part that the model refuses", () => {
    const refusal = (message: string) =>
      ({ type: "raw", status: 400, body: JSON.stringify({ error: { message } }) }) as const;

    test("the summary of the thinking is left out for good when the model refuses it", async () => {
      faults().play(
        refusal("Unsupported parameter: 'reasoning.summary' is not supported with this model."),
        answered,
        answered,
      );
      const one = backend();
      await ask(one);
      await ask(one);
      expect(bodies().map((body) => body["reasoning"])).toEqual([
        { summary: "auto" },
        undefined,
        undefined,
      ]);
    });

    test("a broken image is replaced by a note, in later requests too", async () => {
      const messages = [{ role: "user", parts: [file("cat.png", "image/png")] }] as const;
      faults().play(refusal("You uploaded an unsupported image."), answered, answered);
      const one = backend();
      expect(said(await ask(one, { messages }))).toBe("ok");
      await ask(one, { messages });
      expect(faults().requests.map(({ raw }) => raw.includes("input_image"))).toEqual([
        true,
        false,
        false,
      ]);
      expect(faults().requests[2]?.raw).toContain("cat.png");
    });
  });
});
