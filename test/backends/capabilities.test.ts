import { expect, it } from "vitest";
import { takesForcedTools } from "../../src/backends/capabilities.ts";

it.each([
  ["openai", "gpt-6-sol"],
  ["gemini", "gemini-3.8-flash"],
  ["anthropic", "claude-sonnet-5"],
  ["anthropic", "claude-sonnet-5-20260210"],
  ["anthropic", "claude-opus-5"],
  ["anthropic", "claude-haiku-5-5"],
  ["anthropic", "claude-opus-4-8"],
])("Parley knows that %s's %s takes a forced tool choice", (provider, model) => {
  expect(takesForcedTools(provider, model)).toBe(true);
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
])("Parley does not presume a forced tool choice of %s's %s", (provider, model) => {
  expect(takesForcedTools(provider, model)).toBe(false);
});
