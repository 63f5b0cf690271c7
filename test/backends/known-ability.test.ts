import { expect, it } from "vitest";
import { knownAbility, PUBLISHED } from "../../src/backends/known-ability.ts";

it("takes a model that it does not know for one of the ablest, and no model for an abler one", () => {
  expect(knownAbility("gpt-6-sol")).toBe(0);
  expect(knownAbility("")).toBe(0);
  for (const { percent } of PUBLISHED) {
    for (const model of Object.keys(percent)) expect(knownAbility(model)).toBeLessThanOrEqual(0);
  }
});

it("knows a model by the names that providers and local servers have for it", () => {
  const same = [
    ["gpt-4o", "openai/gpt-4o", "gpt-4o-2024-08-06"],
    ["claude-3-5-haiku", "anthropic/claude-3.5-haiku", "claude-3-5-haiku-latest"],
    ["llama3.1:8b", "meta-llama/Llama-3.1-8B-Instruct", "llama3.1:8b-instruct-q4_K_M"],
    ["gemma3:27b", "google/gemma-3-27b-it"],
    ["gemini-3-pro", "gemini-3-pro-preview"],
  ];
  for (const names of same) {
    const [first = 0, ...others] = names.map(knownAbility);
    expect(others, names[0]).toEqual(others.map(() => first));
  }
  expect(knownAbility("gpt-4o")).toBeLessThan(-1);
});

it("does not take a small model, or a newer version, for its larger or older namesake", () => {
  expect(knownAbility("gpt-4o-mini")).toBeLessThan(knownAbility("gpt-4o"));
  expect(knownAbility("claude-sonnet-4-5")).toBeGreaterThan(knownAbility("claude-sonnet-4"));
  expect(knownAbility("claude-opus-5-5")).toBe(0);
});

it("names a source and a date for every figure", () => {
  for (const { source, date, percent } of PUBLISHED) {
    expect(URL.canParse(source)).toBe(true);
    expect(date).toMatch(/^20\d\d-\d\d$/);
    for (const value of Object.values(percent)) expect(value).toBeGreaterThan(25);
  }
});
