import { expect, test } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { BackendConfig } from "../../src/backends/config.ts";
import { createOutputHistory } from "../../src/backends/output-history.ts";
import { firstAnswers, tooSmallForFirst } from "../../src/budgets/first-answers.ts";
import { Policy } from "../../src/coordination/policy.ts";

const catalogue = createCatalogue();
const backend = (settings: object = {}) =>
  BackendConfig.parse({
    type: "openai",
    model: "gpt-6-sol",
    price: { input: 1, output: 5 },
    ...settings,
  });
const team = (count: number, policy: object = {}, settings: object = {}) => ({
  name: "trio",
  title: "Trio",
  agents: Array.from({ length: count }, (_, i) => ({ name: `a${i}`, backend: backend(settings) })),
  policy: Policy.parse(policy),
});
const refusal = (count: number, limits: object, outputs = createOutputHistory(null, () => {})) => {
  const asked = team(count, { limits });
  return tooSmallForFirst(asked, firstAnswers(asked, 20, { catalogue, outputs }));
};

test("a budget that first answers fit into is enough, although the models could write far more", () => {
  // 3 × (1,770 × $1 + 350 × $5) / 1M.
  expect(firstAnswers(team(3), 20, { catalogue, outputs: null })).toEqual({
    tokens: 3 * 2_120,
    costUsd: expect.closeTo(0.01056, 5),
  });
  expect(refusal(3, { max_cost_usd: 0.02 })).toBeNull();
});

test("a budget that they do not fit is refused with the smallest one that would do", () => {
  expect(refusal(3, { max_cost_usd: 0.01 })).toBe(
    "A turn of Trio may use at most $0.010, and the first answers alone are estimated at $0.011. The smallest limit that would do is `max_cost_usd: 0.011` in the team file. A smaller team may fit (`parley ask --team TEAM QUESTION`).",
  );
  expect(refusal(3, { max_cost_usd: 0.011 })).toBeNull();
  expect(refusal(1, { max_tokens: 900 })).toMatch(
    /at most 900 tokens, and the first answer alone is estimated at .* `max_tokens: 2200`/,
  );
  expect(refusal(1, { max_tokens: 2_200 })).toBeNull();
});

test("what a model was measured to write takes the place of the prior, in both directions", () => {
  const outputs = createOutputHistory(null, () => {});
  for (const output of [4_000, 4_100, 3_900]) outputs.learn("openai:gpt-6-sol", "answer", output);
  expect(refusal(3, { max_cost_usd: 0.02 }, outputs)).toContain("`max_cost_usd: 0.067`");
  for (let i = 0; i < 20; i += 1) outputs.learn("openai:gpt-6-sol", "answer", 20);
  expect(refusal(3, { max_cost_usd: 0.006 }, outputs)).toBeNull();
});

test("solo and auto need one answer, and a model that is told to think needs more", () => {
  const cost = (policy: object, settings?: object) =>
    firstAnswers(team(3, policy, settings), 20, { catalogue, outputs: null }).costUsd;
  expect(cost({ mode: "solo" })).toBeCloseTo(cost({}) / 3);
  expect(cost({ mode: "auto" })).toBeCloseTo(cost({}) / 3);
  expect(cost({}, { reasoning: "high" })).toBeGreaterThan(1.9 * cost({}));
});
