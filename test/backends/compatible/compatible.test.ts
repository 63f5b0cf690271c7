import { afterEach, describe, expect, test, vi } from "vitest";
import { createCompatibleBackend } from "../../../src/backends/compatible/compatible.ts";
import type { CompatibleOptions } from "../../../src/backends/compatible/compatible.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, failure, file, said, voteTool } from "../ask.ts";
import { describeBackendContract } from "../contract.ts";

describeBackendContract("compatible", {
  wire: "chat",
  keyName: "api_key",
  create: ({ url, ...options }) => createCompatibleBackend({ ...options, baseUrl: `${url}/v1` }),
});

describe("compatible", () => {
  const faults = useModelFaults();
  afterEach(() => vi.unstubAllEnvs());
  const answered = { type: "answer", reply: { text: "ok" } } as const;
  const backend = (options: Partial<CompatibleOptions> = {}) =>
    createCompatibleBackend({
      model: "llama4",
      apiKey: undefined,
      baseUrl: `${faults().url}/v1`,
      mayForce: true,
      ...options,
    });
  const bodies = () => faults().requests.map((request) => request.body);
  const refusal = (status: number, message: string) =>
    ({ type: "raw", status, body: JSON.stringify({ error: { message } }) }) as const;

  describe("on the wire", () => {
    test("a request has only the fields that every server knows", async () => {
      faults().play(answered);
      await ask(backend(), { tools: [voteTool], cacheKey: "c1", maxOutputTokens: 700 });
      expect(faults().requests[0]?.path).toBe("/v1/chat/completions");
      expect(bodies()[0]).toEqual({
        model: "llama4",
        stream: true,
        stream_options: { include_usage: true },
        messages: [
          { role: "system", content: "You are one of a team." },
          { role: "user", content: "Ada: what is 6 × 7?" },
        ],
        tools: [
          {
            type: "function",
            function: {
              name: "vote",
              description: "Score every standing answer.",
              parameters: voteTool.schema,
            },
          },
        ],
        tool_choice: "auto",
        max_tokens: 700,
      });
    });

    test("a server without keys gets none, least of all OpenAI's from the environment", async () => {
      vi.stubEnv("OPENAI_API_KEY", "sk-of-openai");
      vi.stubEnv("OPENAI_ADMIN_KEY", "sk-of-admin");
      vi.stubEnv("OPENAI_ORG_ID", "org-1");
      vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
      faults().play(answered);
      await ask(backend());
      const { headers } = faults().requests[0] ?? {};
      expect(headers?.["authorization"]).toBeUndefined();
      expect(headers?.["openai-organization"]).toBeUndefined();
    });

    test("the configured effort, key, headers and extra fields go along", async () => {
      faults().play(answered);
      const options = {
        apiKey: "key-of-grok",
        reasoning: "low",
        maxOutputTokens: 99,
        headers: { "x-title": "Parley" },
        options: { max_completion_tokens: 400, plugins: [{ id: "web" }] },
      } as const;
      await ask(backend(options));
      const { headers } = faults().requests[0] ?? {};
      expect(headers).toMatchObject({ authorization: "Bearer key-of-grok", "x-title": "Parley" });
      expect(bodies()[0]).toMatchObject({ reasoning_effort: "low", ...options.options });
      expect(bodies()[0]).not.toHaveProperty("max_tokens");
    });

    test("messages of several people become one, for templates that want roles to alternate", async () => {
      faults().play(answered);
      const says = (role: "user" | "assistant", text: string) =>
        ({ role, parts: [{ type: "text", text }] }) as const;
      const messages = [
        says("assistant", "Good morning."),
        says("user", "Ada: hello"),
        says("user", "Bob: and?"),
      ];
      await ask(backend(), { messages, system: [] });
      expect(bodies()[0]?.["messages"]).toEqual([
        { role: "user", content: "[The beginning of this conversation is not shown.]" },
        { role: "assistant", content: "Good morning." },
        { role: "user", content: "Ada: hello\n\nBob: and?" },
      ]);
    });

    test("an image goes as a data URL beside the text, a PDF as a file", async () => {
      faults().play(answered);
      const parts = [
        { type: "text", text: "Ada: look" },
        file("cat.png", "image/png"),
        file("a.pdf", "application/pdf"),
      ] as const;
      await ask(backend(), { messages: [{ role: "user", parts }], system: [] });
      expect(bodies()[0]?.["messages"]).toEqual([
        {
          role: "user",
          content: [
            { type: "text", text: "Ada: look" },
            { type: "image_url", image_url: { url: "data:image/png;base64,Ynl0ZXM=" } },
            {
              type: "file",
              file: { filename: "a.pdf", file_data: "data:application/pdf;base64,Ynl0ZXM=" },
            },
          ],
        },
      ]);
    });
  });

  describe("a part that the server refuses", () => {
    test("the wish for usage is left out for good when the server refuses it", async () => {
      faults().play(refusal(400, "Unknown field: stream_options"), answered, answered);
      const one = backend();
      expect(said(await ask(one))).toBe("ok");
      await ask(one);
      expect(bodies().map((body) => "stream_options" in body)).toEqual([true, false, false]);
    });

    test.each([
      [404, "No endpoints found that support image input"],
      [400, "unknown variant `image_url`, expected `text`"],
      [400, "llama4 is not a multimodal model"],
    ])(
      "an image is replaced by a note when the model is blind (%s, %s)",
      async (status, message) => {
        faults().play(refusal(status, message), answered);
        await ask(backend(), {
          messages: [{ role: "user", parts: [file("cat.png", "image/png")] }],
        });
        expect(faults().requests[1]?.raw).not.toContain("image_url");
        expect(faults().requests[1]?.raw).toContain("cat.png");
      },
    );

    test("a call leaves out one part after the other, and then fails", async () => {
      const messages = [{ role: "user", parts: [file("a.pdf", "application/pdf")] }] as const;
      faults().play(
        refusal(400, "stream_options is not allowed"),
        refusal(422, "content type 'file' is not allowed"),
        refusal(400, "this file cannot be helped"),
      );
      expect((await failure(backend(), { messages })).failure).toBe("bad_request");
      expect(faults().requests).toHaveLength(3);
    });
  });
});
