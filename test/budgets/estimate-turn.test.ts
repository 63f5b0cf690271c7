import { expect, test } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { BackendConfig } from "../../src/backends/config.ts";
import { estimateThread, estimateTurn, learnFrom } from "../../src/budgets/estimate-turn.ts";
import { Policy } from "../../src/coordination/policy.ts";

const agent = (settings: object = {}) => ({
  name: "Ann",
  backend: BackendConfig.parse({
    type: "compatible",
    model: "ann",
    base_url: "http://127.0.0.1:9/v1",
    price: { input: 1, output: 10 },
    ...settings,
  }),
});
const estimate = (
  agents: readonly ReturnType<typeof agent>[],
  policy: object = {},
  thread = 1_500,
) =>
  estimateTurn(
    { name: "test", title: "Test", agents, policy: Policy.parse(policy) },
    thread,
    createCatalogue(),
  );

test("an agent answers and reviews twice, each time with the whole thread and all answers", () => {
  // 3 × (2,000 + 1,500) read, 2 × 2 × 800 of answers, 3 × 2,000 written; for two agents.
  expect(estimate([agent(), agent()])).toEqual({
    tokens: 2 * (10_500 + 3_200 + 6_000),
    microUsd: 2 * (13_700 + 60_000),
    unpriced: [],
  });
});

test("a single agent is called once, and so is a team in solo mode", () => {
  const once = { tokens: 5_500, microUsd: 3_500 + 20_000, unpriced: [] };
  expect(estimate([agent()])).toEqual(once);
  expect(estimate([agent(), agent()], { mode: "solo" })).toEqual(once);
});

test("fewer reviews cost less, a rewritten answer costs more", () => {
  const pair = [agent(), agent()];
  const usual = estimate(pair).tokens;
  expect(estimate(pair, { limits: { rounds: 1 } }).tokens).toBeLessThan(usual);
  expect(estimate(pair, { limits: { revisions_per_agent: 0 } }).tokens).toBeLessThan(usual);
  expect(estimate(pair, { present: "synthesize" }).tokens).toBeGreaterThan(usual);
});

test("a team's own limits cap it", () => {
  const limits = { max_tokens: 5_000, max_cost_usd: 0.01 };
  expect(estimate([agent(), agent()], { limits })).toMatchObject({
    tokens: 5_000,
    microUsd: 10_000,
  });
});

test("no agent reads more than its model's window", () => {
  const small = agent({ context_window: 4_000 });
  expect(estimate([small], {}, 1_000_000).tokens).toBe(3_200 + 2_000);
});

test("a model without a price is named, and its tokens count", () => {
  const free = agent({ model: "qwen", price: undefined });
  expect(estimate([agent(), free])).toEqual({
    tokens: 39_400,
    microUsd: 73_700,
    unpriced: ["qwen"],
  });
});

test("a thread is as long as its text, and the files of the question", () => {
  const files = [
    { mediaType: "image/png", bytes: 900_000 },
    { mediaType: "application/pdf", bytes: 50_000 },
  ];
  expect(estimateThread(4_000, files)).toBe(1_000 + 1_600 + 2_500);
});

test("once a team has had three turns, twice their mean is enough; it never makes an estimate larger", () => {
  const guess = { tokens: 50_000, microUsd: 90_000, unpriced: [] };
  const used = { tokens: 30_000, microUsd: 600_000 };
  expect(learnFrom(guess, { ...used, turns: 2 })).toEqual(guess);
  expect(learnFrom(guess, { ...used, turns: 3 })).toEqual({ ...guess, tokens: 20_000 });
});
