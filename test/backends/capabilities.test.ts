import { expect, it } from "vitest";
import { createCapabilities } from "../../src/backends/capabilities.ts";

it.each([
  ["openai", "gpt-6-sol"],
  ["gemini", "gemini-3.8-flash"],
  ["anthropic", "claude-sonnet-5"],
  ["anthropic", "claude-sonnet-5-20260210"],
  ["anthropic", "claude-opus-5"],
  ["anthropic", "claude-haiku-5-5"],
  ["anthropic", "claude-opus-4-8"],
])("knows that %s's %s takes a forced tool choice", (provider, model) => {
  expect(createCapabilities().mayForce(provider, model)).toBe(true);
});

it.each([
  ["anthropic", "claude-opus-5-5"],
  ["anthropic", "claude-sonnet-5-5"],
  ["anthropic", "claude-sonnet-5-5-20261020"],
  ["anthropic", "claude-fable-5-1"],
  ["anthropic", "claude-fable-5-2"],
  ["anthropic", "claude-fable-5"],
  ["anthropic", "claude-opus-7"],
  ["compatible", "llama4"],
])("does not presume it of %s's %s", (provider, model) => {
  expect(createCapabilities().mayForce(provider, model)).toBe(false);
});

it("remembers a refusal, of that model alone, even against the configuration", () => {
  const capabilities = createCapabilities();
  capabilities.cannotForce("openai", "gpt-7");
  expect(capabilities.mayForce("openai", "gpt-7")).toBe(false);
  expect(capabilities.mayForce("openai", "gpt-7", true)).toBe(false);
  expect(capabilities.mayForce("openai", "gpt-7-mini")).toBe(true);
});

it("takes the configuration's word where nothing was learned", () => {
  const capabilities = createCapabilities();
  expect(capabilities.mayForce("compatible", "llama4", true)).toBe(true);
  expect(capabilities.mayForce("openai", "gpt-6-sol", false)).toBe(false);
});
