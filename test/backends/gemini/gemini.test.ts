import { getEventListeners } from "node:events";
import { describe, expect, test, vi } from "vitest";
import type { BackendRequest, PromptMessage } from "../../../src/backends/backend.ts";
import { createGeminiBackend, type GeminiOptions } from "../../../src/backends/gemini/gemini.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { frame } from "../../servers/model-wire.ts";
import { ask, calls, failure, said, voteTool } from "../ask.ts";
import { describeBackendContract } from "../contract.ts";

describeBackendContract("gemini", {
  wire: "gemini",
  keyName: "GEMINI_API_KEY",
  create: ({ url, ...options }) => createGeminiBackend({ ...options, baseUrl: url }),
  differs: { tries: { not_found: 2 }, malformedCall: "incomplete", noCacheWrites: true },
});

describe("gemini", () => {
  const faults = useModelFaults();

  const answered = { type: "answer", reply: { text: "ok" } } as const;
  const notFound = { type: "refuse", error: "not_found" } as const;
  const backend = (options: Partial<GeminiOptions> = {}) =>
    createGeminiBackend({
      model: "gemini-3.8-flash",
      apiKey: "AIza0123456789",
      baseUrl: faults().url,
      mayForce: true,
      ...options,
    });
  const chunks = (...bodies: readonly unknown[]) =>
    ({ type: "raw", body: bodies.map((body) => frame(body)).join("") }) as const;
  const parts = (...list: readonly unknown[]) => ({ candidates: [{ content: { parts: list } }] });
  const finished = (finishReason: string) => ({ candidates: [{ finishReason }] });
  const paths = () => faults().requests.map(({ path }) => path.replace(/\/models.*/, ""));
  const sent = async (options: Partial<GeminiOptions>, fields: Partial<BackendRequest> = {}) => {
    faults().play(answered);
    await ask(backend(options), fields);
    return faults().requests[0]?.body ?? {};
  };
  const error = (code: number, fields: Record<string, unknown>) =>
    ({
      type: "raw",
      status: code,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ error: { code, ...fields } }),
    }) as const;

  test("Gemini speaks v1 and sends the key as a header", async () => {
    faults().play(answered);
    await ask(backend({ headers: { "x-team": "core" } }));
    expect(paths()).toEqual(["/v1"]);
    expect(faults().requests[0]).toMatchObject({
      headers: { "x-goog-api-key": "AIza0123456789", "x-team": "core" },
    });
  });

  test("a gateway that does not know v1 is asked over v1beta, from then on at once", async () => {
    faults().play(notFound, answered, answered);
    const one = backend();
    expect(said(await ask(one))).toBe("ok");
    await ask(one);
    expect(paths()).toEqual(["/v1", "/v1beta", "/v1beta"]);
  });

  test("a configured version is the only one used", async () => {
    faults().play(notFound);
    expect((await failure(backend({ apiVersion: "v1beta" }))).message).toContain(faults().url);
    expect(paths()).toEqual(["/v1beta"]);
  });

  test("a call without a key sends nothing and names the variables", async () => {
    expect((await failure(backend({ apiKey: undefined }))).message).toBe(
      "Gemini needs a key. Set GEMINI_API_KEY or GOOGLE_API_KEY, or api_key in the team file, to a valid key.",
    );
    expect(faults().requests).toHaveLength(0);
  });

  test("system sections are sent separately, and consecutive messages of one role joined", async () => {
    const said_by = (role: PromptMessage["role"], text: string): PromptMessage => ({
      role,
      parts: [{ type: "text", text }],
    });
    const body = await sent(
      {},
      {
        system: ["Rules.", "You are Ada."],
        messages: [
          said_by("assistant", "Hello."),
          said_by("user", "Bob: a"),
          said_by("user", "Eve: b"),
        ],
      },
    );
    expect(body).toMatchObject({
      systemInstruction: { parts: [{ text: "Rules." }, { text: "You are Ada." }] },
      contents: [
        { role: "user", parts: [{ text: "[The beginning of this conversation is not shown.]" }] },
        { role: "model", parts: [{ text: "Hello." }] },
        { role: "user", parts: [{ text: "Bob: a" }, { text: "Eve: b" }] },
      ],
    });
  });

  test.each([
    ["gemini-3.8-flash", undefined, { includeThoughts: true }],
    ["gemini-3.8-flash", "none", { includeThoughts: true, thinkingLevel: "MINIMAL" }],
    ["gemini-3.5-pro", "minimal", { includeThoughts: true, thinkingLevel: "LOW" }],
    ["gemini-flash-latest", "max", { includeThoughts: true, thinkingLevel: "HIGH" }],
    ["gemini-2.5-flash", "medium", { includeThoughts: true, thinkingBudget: 8192 }],
    ["gemini-2.0-flash", undefined, undefined],
    ["gemma-4", undefined, undefined],
  ] as const)("a request lets %s set to %s think", async (model, reasoning, thinkingConfig) => {
    const { generationConfig } = await sent({ model, reasoning });
    expect(generationConfig).toEqual(thinkingConfig ? { thinkingConfig } : {});
  });

  test("Gemini declares functions by their JSON Schema and leaves the calling mode to the API", async () => {
    const body = await sent({}, { tools: [voteTool] });
    const { name, description, schema } = voteTool;
    const declared = { name, description, parametersJsonSchema: schema };
    expect(body["tools"]).toEqual([{ functionDeclarations: [declared] }]);
    expect(body).not.toHaveProperty("toolConfig");
  });

  test("Gemini 3 may search and call functions in one request", async () => {
    const body = await sent({ webSearch: true }, { tools: [voteTool] });
    expect(body).toMatchObject({
      tools: [{ functionDeclarations: [{ name: "vote" }] }, { googleSearch: {} }],
      toolConfig: { includeServerSideToolInvocations: true },
    });
  });

  test("an older model may search only without functions, and a warning says so once", async () => {
    const onWarning = vi.fn<(message: string) => void>();
    const one = backend({ model: "gemini-2.5-flash", webSearch: true, onWarning });
    faults().play(answered, answered, answered);
    await ask(one);
    await ask(one, { tools: [voteTool] });
    await ask(one, { tools: [voteTool] });
    const tools = faults().requests.map(({ body }) => JSON.stringify(body["tools"]));
    expect(tools.map((list) => list.includes("googleSearch"))).toEqual([true, false, false]);
    expect(onWarning).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining("gemini-2.5-flash cannot search the web"),
    );
  });

  test("extra options are merged into the body", async () => {
    const options = { generationConfig: { seed: 7 }, serviceTier: "flex" };
    expect(await sent({ options }, { maxOutputTokens: 99 })).toMatchObject({
      generationConfig: { seed: 7, maxOutputTokens: 99 },
      serviceTier: "flex",
    });
  });

  test("every part is read, and nothing logged to the console", async () => {
    const warned = vi.spyOn(console, "warn");
    const call = (name: string) => ({ functionCall: { name, args: { n: 1 } } });
    faults().play(
      chunks(
        parts({ text: "Hm", thought: true }, { text: "I vote.", thoughtSignature: "c2ln" }),
        parts({ text: "", thoughtSignature: "c2ln" }),
        parts(call("vote"), { functionCall: {} }, call("new_answer")),
        finished("STOP"),
      ),
    );
    const events = await ask(backend());
    expect(said(events, "thinking")).toBe("Hm");
    expect(said(events)).toBe("I vote.");
    expect(calls(events).map(({ name }) => name)).toEqual(["vote", "new_answer"]);
    expect(warned).not.toHaveBeenCalled();
  });

  test("thoughts count as output, and search results as input", async () => {
    const usageMetadata = {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      toolUsePromptTokenCount: 20,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 7,
    };
    faults().play(chunks({ ...parts({ text: "ok" }), usageMetadata }, finished("STOP")));
    expect((await ask(backend())).at(-1)).toMatchObject({
      usage: { input: 120, cached: 60, cacheWritten: 0, output: 12 },
    });
  });

  test("an error says that a prompt was blocked, and why", async () => {
    faults().play(chunks({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }));
    const thrown = await failure(backend());
    expect(thrown.failure).toBe("refused");
    expect(thrown.message).toBe("Gemini refused to answer: PROHIBITED_CONTENT");
  });

  test.each([
    ["RECITATION", "refused"],
    ["MAX_TOKENS", "incomplete"],
    ["MALFORMED_FUNCTION_CALL", "incomplete"],
    ["OF_THE_FUTURE", "incomplete"],
  ])("an answer of which only %s came is %s", async (reason, expected) => {
    faults().play(chunks(finished(reason)));
    expect((await failure(backend())).failure).toBe(expected);
  });

  test("the wait of RetryInfo is read to the millisecond", async () => {
    const info = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" };
    faults().play(error(429, { message: "slow down", details: [info] }));
    const thrown = await failure(backend());
    expect(thrown).toMatchObject({ failure: "rate_limit", retryAfterMs: 34_070 });
    expect(thrown.passing).toBeUndefined();
  });

  test("the message is found in an error that a gateway wrapped", async () => {
    const inner = { error: { code: 400, message: "API key expired. Please renew the API key." } };
    faults().play(error(400, { message: JSON.stringify(inner) }));
    expect(await failure(backend())).toMatchObject({
      failure: "auth",
      message: expect.stringContaining("API key expired. Please renew the API key (HTTP 400)."),
    });
  });

  test("a call removes its listener from the signal", async () => {
    faults().play(answered);
    const { signal } = new AbortController();
    await ask(backend(), { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
