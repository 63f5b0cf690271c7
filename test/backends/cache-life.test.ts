import { describe, expect, test } from "vitest";
import { azureAddress } from "../../src/backends/azure/address.ts";
import { createAzureBackend } from "../../src/backends/azure/azure.ts";
import type { Backend, BackendRequest, PromptMessage } from "../../src/backends/backend.ts";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { takesCacheLife } from "../../src/backends/cache-life.ts";
import { createCompatibleBackend } from "../../src/backends/compatible/compatible.ts";
import { createConcessionBook } from "../../src/backends/concessions/ledger.ts";
import { BackendConfig } from "../../src/backends/config.ts";
import { useModelFaults } from "../servers/use-model-faults.ts";
import { ask, said } from "./ask.ts";
import { backendOf, errorBody, type Kind, KINDS, serveByRules } from "./concessions/stage.ts";

const message = (role: PromptMessage["role"], text: string, cache = false): PromptMessage => ({
  role,
  parts: [{ type: "text", text }],
  cache,
});
/** A thread as Parley lays it out: its end and its request will come again. */
const thread = {
  system: ["Rules."],
  messages: [
    message("user", "Ada: hi"),
    message("assistant", "Hello.", true),
    message("user", "Ada: and now?", true),
    message("user", "Answer now."),
  ],
};
const hour = { ...thread, cacheLife: "1h" } as const satisfies Partial<BackendRequest>;
const short = { ...thread, cacheLife: "5m" } as const satisfies Partial<BackendRequest>;
const LIFE = /"ttl":|"prompt_cache_retention":|"prompt_cache_options":/;

describe("the life of the prompt's cache", () => {
  const faults = useModelFaults();
  const sent = async (backend: Backend, fields: Partial<BackendRequest>) => {
    serveByRules(faults(), []);
    expect(said(await ask(backend, fields))).toBe("ok");
    return faults().requests.at(-1) ?? expect.fail("nothing was sent");
  };
  const url = () => `${faults().url}/v1`;
  const openRouter = (model: string) =>
    createCompatibleBackend({ model, apiKey: "sk-test", baseUrl: url(), provider: "openrouter" });

  test.each(KINDS)(
    "a cache life of 5 minutes is the default of %s, and not mentioned",
    async (kind) => {
      expect((await sent(backendOf(kind, faults().url), short)).raw).not.toMatch(LIFE);
    },
  );

  test("a cache life of an hour is in all of Anthropic's marks, so that none comes after a shorter one", async () => {
    const { raw } = await sent(backendOf("anthropic", faults().url), hour);
    expect(raw.match(/"cache_control":\{"type":"ephemeral","ttl":"1h"\}/g)).toHaveLength(3);
    expect(raw.match(/"cache_control"/g)).toHaveLength(3);
  });

  test.each([
    ["gpt-4.1", { prompt_cache_retention: "24h" }],
    ["gpt-5", { prompt_cache_retention: "24h" }],
    ["gpt-5.1-codex-mini", { prompt_cache_retention: "24h" }],
    ["gpt-5.5-2026-04-02", { prompt_cache_retention: "24h" }],
    ["gpt-5.6-sol", { prompt_cache_options: { ttl: "12h" } }],
    ["gpt-5.10", { prompt_cache_options: { ttl: "12h" } }],
    ["gpt-6.1-sol", { prompt_cache_options: { ttl: "12h" } }],
    ["gpt-4o", {}],
    ["o4-mini", {}],
  ] as const)(
    "OpenAI's %s is asked for an hour in the field that it takes",
    async (model, fields) => {
      const { raw, body } = await sent(backendOf("openai", faults().url, { model }), hour);
      expect(body).toMatchObject(fields);
      expect(LIFE.test(raw)).toBe(Object.keys(fields).length > 0);
    },
  );

  test("Azure's deployments are asked for an hour in the same fields, by either of its APIs", async () => {
    const apiKey = "k";
    const azure = (model: string, apiVersion?: string) =>
      createAzureBackend({ model, apiKey, baseUrl: faults().url, apiVersion });
    expect(azureAddress(faults().url, "d", "2024-10-21").api).toBe("deployments");
    expect((await sent(azure("gpt-5.1"), hour)).body).toMatchObject({
      prompt_cache_retention: "24h",
    });
    expect((await sent(azure("gpt-5.6", "2024-10-21"), hour)).body).toMatchObject({
      prompt_cache_options: { ttl: "12h" },
    });
  });

  test("Claude behind a gateway gets marks with the cache life, and other models get none", async () => {
    const { body } = await sent(openRouter("anthropic/claude-opus-5.5"), hour);
    const mark = { cache_control: { type: "ephemeral", ttl: "1h" } };
    expect(body["messages"]).toEqual([
      { role: "system", content: [{ type: "text", text: "Rules.", ...mark }] },
      { role: "user", content: "Ada: hi" },
      { role: "assistant", content: [{ type: "text", text: "Hello.", ...mark }] },
      {
        role: "user",
        content: [
          { type: "text", text: "Ada: and now?", ...mark },
          { type: "text", text: "Answer now." },
        ],
      },
    ]);
    expect((await sent(openRouter("openai/gpt-5.1"), hour)).raw).not.toMatch(/cache/);
    expect((await sent(openRouter("meta/llama4"), hour)).raw).not.toMatch(/cache/);
  });

  test("the cache life cannot be chosen at Gemini, which decides itself", async () => {
    expect((await sent(backendOf("gemini", faults().url), hour)).raw).not.toMatch(/cache/i);
  });

  test.each([
    ["anthropic", "claude-opus-5-5", true],
    ["openai", "gpt-5.5", true],
    ["openai", "gpt-4o", false],
    ["azure", "gpt-6", true],
    ["azure", "our-deployment", false],
    ["gemini", "gemini-3.8-flash", false],
    ["simulated", "careful", false],
  ] as const)("Parley knows whether the cache life can be chosen: %s %s", (type, model, takes) => {
    const config = BackendConfig.parse({ type, model });
    expect(takesCacheLife(config, createCatalogue().provider(config))).toBe(takes);
  });

  const REFUSALS: readonly (readonly [Kind, string, string])[] = [
    // BerriAI/litellm#15880: Bedrock behind a gateway.
    [
      "anthropic",
      "tools.20.custom.cache_control.ephemeral.ttl: Extra inputs are not permitted",
      "",
    ],
    ["anthropic", "system.0.cache_control.ttl: Extra inputs are not permitted", ""],
    // Portkey-AI/gateway#1762: the gateway drops the life from some marks, and then none fits.
    [
      "anthropic",
      "messages.3.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
      "",
    ],
    ["anthropic", "cache_control with ttl 1h is not supported for this model", ""],
    // anomalyco/opencode#36315
    ["openai", "prompt_cache_retention is not supported on this model", "gpt-5.1"],
    [
      "openai",
      "This model is compatible only with 24h extended prompt caching: prompt_cache_retention",
      "gpt-5.5",
    ],
    ["openai", "Invalid value: '12h'. Supported values are: '30m'. (prompt_cache_options.ttl)", ""],
    ["openai", "Unknown parameter: 'prompt_cache_options'.", ""],
    ["compatible", "cache_control.ttl: Extra inputs are not permitted", "claude-opus-5-5"],
  ];

  test.each(REFUSALS)(
    "a cache life that a server behind %s refuses is left out from then on, and nothing else of the cache: %s",
    async (kind, words, model) => {
      const rule = {
        offends: ({ raw }: { readonly raw: string }) => LIFE.test(raw),
        status: 400,
        body: errorBody(kind, 400, words),
      };
      serveByRules(faults(), [rule]);
      const learned: string[] = [];
      const ledger = createConcessionBook((one) => learned.push(one)).of({
        kind,
        baseUrl: faults().url,
        model: "m",
      });
      const one = backendOf(kind, faults().url, { ledger, ...(model !== "" && { model }) });
      expect(said(await ask(one, hour))).toBe("ok");
      expect(said(await ask(one, hour))).toBe("ok");
      expect(faults().requests.map(({ raw }) => LIFE.test(raw))).toEqual([true, false, false]);
      const last = faults().requests.at(-1)?.raw ?? "";
      expect(last.match(/"cache_control":\{"type":"ephemeral"\}/g) ?? []).toHaveLength(
        kind === "openai" ? 0 : 3,
      );
      expect(learned[0]).toContain("does not take");
    },
  );

  test("the cache life is left out with its mark where a gateway takes no marks at all", async () => {
    const rule = {
      offends: ({ raw }: { readonly raw: string }) => /cache_control/.test(raw),
      status: 400,
      body: errorBody(
        "compatible",
        400,
        "messages.0.content.0.cache_control: Extra inputs are not permitted",
      ),
    };
    serveByRules(faults(), [rule]);
    const one = backendOf("compatible", faults().url, { model: "claude-opus-5-5" });
    expect(said(await ask(one, hour))).toBe("ok");
    expect(faults().requests).toHaveLength(2);
  });

  const usage = { input: 1000, cached: 600, cacheWritten: 300, output: 80, reasoning: 0 };
  test.each(KINDS.filter((kind) => kind !== "gemini"))(
    "the cache life of each write is read where %s reports it",
    async (kind) => {
      serveByRules(faults(), [], { text: "ok", usage: { ...usage, cacheWrittenLong: 200 } });
      const events = await ask(backendOf(kind, faults().url), hour);
      expect(events.at(-1)).toMatchObject({
        type: "done",
        usage: { input: 1000, cached: 600, cacheWritten: 300, cacheWrittenLong: 200, output: 80 },
      });
    },
  );
});
