import { describe, expect, it } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { BackendConfig } from "../../src/backends/config.ts";

const catalogue = createCatalogue();
const config = (type: BackendConfig["type"], model: string, more: object = {}) =>
  BackendConfig.parse({ type, model, ...more });
const million = { input: 1e6, cached: 0, cacheWritten: 0, output: 1e6 };
const priceKnown = (backend: BackendConfig) => catalogue.cost(backend, million) !== null;

describe("cost", () => {
  it("the cost counts Anthropic's cache reads and writes as part of the prompt, each at its price", () => {
    // Opus 5.5, dollars per million: 4 in, 0.20 read, 5 written, 20 out.
    const usage = { input: 1000, cached: 600, cacheWritten: 300, output: 100 };
    const byHand = (100 * 4 + 600 * 0.2 + 300 * 5 + 100 * 20) / 1e6;
    expect(catalogue.cost(config("anthropic", "claude-opus-5-5"), usage)).toBeCloseTo(byHand, 10);
  });

  it("the cost counts writes that Anthropic keeps for an hour at twice the price of the prompt", () => {
    // Opus 5.5: 4 in, 5 written for 5 minutes, 8 for an hour.
    const usage = { input: 1000, cached: 0, cacheWritten: 900, cacheWrittenLong: 500, output: 0 };
    const byHand = (100 * 4 + 400 * 5 + 500 * 8) / 1e6;
    expect(catalogue.cost(config("anthropic", "claude-opus-5-5"), usage)).toBeCloseTo(byHand, 10);
  });

  it("the price of an hour is known too where a reseller's list has none, at the price of a prompt of that length", () => {
    const at = { base_url: "https://openrouter.ai/api/v1" };
    const claude = config("compatible", "anthropic/claude-sonnet-4.5", at);
    // Sonnet 4.5: 3 in, 3.75 written for 5 minutes, 6 for an hour.
    const usage = { input: 1000, cached: 0, cacheWritten: 900, cacheWrittenLong: 500, output: 0 };
    const byHand = (100 * 3 + 400 * 3.75 + 500 * 6) / 1e6;
    expect(catalogue.cost(claude, usage)).toBeCloseTo(byHand, 10);
  });

  it("a team file's own price has one for an hour, which is that of any write by default", () => {
    const usage = { input: 1000, cached: 0, cacheWritten: 1000, cacheWrittenLong: 1000, output: 0 };
    const priced = (price: object) =>
      catalogue.cost(config("anthropic", "claude-private", { price }), usage);
    expect(priced({ input: 4, written: 5, written_1h: 8, output: 0 })).toBeCloseTo(0.008);
    expect(priced({ input: 4, written: 5, output: 0 })).toBeCloseTo(0.005);
    expect(priced({ input: 4, output: 0 })).toBeCloseTo(0.004);
  });

  it("the cost counts no more writes for an hour than there are writes", () => {
    const usage = { input: 1000, cached: 0, cacheWritten: 0, cacheWrittenLong: 500, output: 0 };
    expect(catalogue.cost(config("anthropic", "claude-opus-5-5"), usage)).toBeCloseTo(0.004);
  });

  it("the cost counts OpenAI's cached tokens as part of the prompt, at their price", () => {
    // GPT-5.5: 5 in, 0.50 cached, 30 out.
    const usage = { input: 1000, cached: 600, cacheWritten: 0, output: 100 };
    const byHand = (400 * 5 + 600 * 0.5 + 100 * 30) / 1e6;
    expect(catalogue.cost(config("openai", "gpt-5.5"), usage)).toBeCloseTo(byHand, 10);
  });

  it("the cost counts Gemini's cached tokens as part of the prompt, at their price", () => {
    // Gemini 3.8 Flash: 0.75 in, 0.075 cached, 3.75 out.
    const usage = { input: 1000, cached: 600, cacheWritten: 0, output: 100 };
    const byHand = (400 * 0.75 + 600 * 0.075 + 100 * 3.75) / 1e6;
    expect(catalogue.cost(config("gemini", "gemini-3.8-flash"), usage)).toBeCloseTo(byHand, 10);
  });

  it.each([
    ["anthropic", "claude-sonnet-5-5"],
    ["anthropic", "claude-haiku-5-5"],
    ["gemini", "gemini-3.8-flash-lite"],
    ["openai", "gpt-6.1-sol"],
    ["openai", "ft:gpt-4o-2024-08-06:acme::abc"],
  ] as const)("the cost of %s's %s is unknown, never that of a namesake", (type, model) => {
    expect(catalogue.cost(config(type, model), million)).toBeNull();
  });

  it.each([
    ["anthropic", "claude-sonnet-5", 12],
    ["anthropic", "claude-sonnet-5-20260210", 12],
    ["anthropic", "claude-opus-5.5", 24],
    ["anthropic", "claude-sonnet-4-20250514", 18],
    ["openai", "gpt-4o-2024-08-06", 12.5],
    ["gemini", "gemini-3.8-flash-001", 4.5],
    ["gemini", "gemini-2.5-pro", 17.5],
    ["openai", "gpt-5.6-sol-2026-08-01", 38],
  ] as const)("the cost of %s's %s is known under that name too", (type, model, dollars) => {
    expect(catalogue.cost(config(type, model), million)).toBeCloseTo(dollars, 6);
  });

  it("the cost depends on the address of a compatible server, and is unknown for an unknown server", () => {
    const at = (base_url: string, model: string) => config("compatible", model, { base_url });
    expect(priceKnown(at("https://openrouter.ai/api/v1", "anthropic/claude-opus-5.5"))).toBe(true);
    expect(priceKnown(at("https://api.x.ai/v1", "grok-4"))).toBe(true);
    expect(priceKnown(at("http://localhost:11434/v1", "gpt-5.5"))).toBe(false);
  });

  it("the cost stays the provider's behind a proxy", () => {
    expect(priceKnown(config("openai", "gpt-5.5", { base_url: "http://127.0.0.1:8080/v1" }))).toBe(
      true,
    );
  });

  it("the cost prefers the configured price", () => {
    const usage = { input: 1000, cached: 600, cacheWritten: 300, output: 100 };
    const cost = (price: object) => catalogue.cost(config("openai", "gpt-5.5", { price }), usage);
    expect(cost({ input: 1, output: 10 })).toBeCloseTo(0.002, 10);
    expect(cost({ input: 1, cached: 0.1, written: 2, output: 10 })).toBeCloseTo(0.00176, 10);
    expect(cost({ input: 0, output: 0 })).toBe(0);
  });

  it("the cost tolerates impossible counts", () => {
    const usage = { input: 100, cached: 600, cacheWritten: 0, output: 0 };
    expect(catalogue.cost(config("openai", "gpt-5.5"), usage)).toBeCloseTo(0.0003, 10);
  });

  it("the cost of the simulated backend is zero", () => {
    expect(catalogue.cost(config("simulated", "careful"), million)).toBe(0);
  });
});

describe("facts", () => {
  it("a model's facts come from the catalogue", () => {
    expect(catalogue.facts(config("anthropic", "claude-opus-5-5"))).toEqual({
      contextWindow: 1_000_000,
      maxOutputTokens: 16_384,
      known: true,
    });
  });

  it("a model's facts are cautious guesses for unknown models and for mistaken matches", () => {
    const window = (backend: BackendConfig) => catalogue.facts(backend);
    expect(window(config("anthropic", "claude-sonnet-5-5"))).toMatchObject({
      contextWindow: 128_000,
      known: false,
    });
    const local = config("compatible", "llama4", { base_url: "http://localhost:11434/v1" });
    expect(window(local)).toEqual({
      contextWindow: 32_000,
      maxOutputTokens: 8000,
      known: false,
    });
  });

  it("the configuration overrides a model's facts", () => {
    const own = { context_window: 8000, max_output_tokens: 500 };
    expect(catalogue.facts(config("openai", "gpt-5.5", own))).toEqual({
      contextWindow: 8000,
      maxOutputTokens: 500,
      known: true,
    });
  });
});
