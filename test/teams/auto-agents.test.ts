import { expect, test } from "vitest";
import { autoAgents } from "../../src/teams/auto-agents.ts";
import { problemsOf, read } from "./files/read.ts";

const seats = (env: Record<string, string>) =>
  read("agents: auto", env).team?.agents.map(({ id, name, backend }) => [id, name, backend.type]);

test("Each provider with a key gets a seat", () => {
  expect(seats({ OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b", GOOGLE_API_KEY: "c" })).toEqual([
    ["gpt", "GPT", "openai"],
    ["claude", "Claude", "anthropic"],
    ["gemini", "Gemini", "gemini"],
  ]);
  expect(seats({ OPENAI_API_KEY: "a", GEMINI_API_KEY: "c" })).toHaveLength(2);
});

test("One key gives three agents of its provider, each with a different perspective", () => {
  expect(seats({ ANTHROPIC_API_KEY: "b" })).toEqual([
    ["drafter", "Claude Drafter", "anthropic"],
    ["checker", "Claude Checker", "anthropic"],
    ["explainer", "Claude Explainer", "anthropic"],
  ]);
  const { team } = read("agents: auto", { ANTHROPIC_API_KEY: "b" });
  expect(new Set(team?.agents.map(({ instructions }) => instructions)).size).toBe(3);
});

test("In mode solo the first provider with a key answers alone", () => {
  const { team } = read("agents: auto\nmode: solo", {
    ANTHROPIC_API_KEY: "b",
    GEMINI_API_KEY: "c",
  });
  expect(team?.agents).toMatchObject([{ id: "claude", name: "Claude", instructions: "" }]);
});

test("A program that is logged in takes the seat of its provider, unless there is a key", () => {
  const seatsWith = (env: Record<string, string>) =>
    autoAgents(env, "team", { models: [], programs: [{ type: "claude-code", name: "" }] }).map(
      ({ id, backend }) => [id, backend.type],
    );
  expect(seatsWith({ OPENAI_API_KEY: "a" })).toEqual([
    ["gpt", "openai"],
    ["claude", "claude-code"],
  ]);
  expect(seatsWith({ OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b" })).toContainEqual([
    "claude",
    "anthropic",
  ]);
  expect(seatsWith({}).map(([, type]) => type)).toEqual([
    "claude-code",
    "claude-code",
    "claude-code",
  ]);
});

test("Codex takes the seat of OpenAI where there is no key for it", () => {
  const programs = [{ type: "codex", name: "" } as const];
  const seatsWith = (env: Record<string, string>) =>
    autoAgents(env, "team", { models: [], programs }).map(({ id, backend }) => [id, backend.type]);
  expect(seatsWith({ ANTHROPIC_API_KEY: "a" })).toEqual([
    ["gpt", "codex"],
    ["claude", "anthropic"],
  ]);
  expect(seatsWith({ OPENAI_API_KEY: "a" })).not.toContainEqual(["gpt", "codex"]);
});

test("No key is an error that names the keys", () => {
  expect(problemsOf("agents: auto", { OPENAI_API_KEY: "" })).toBe(
    "configs/duo.yaml:1:9: agents: auto found no API key: set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY",
  );
  expect(read("agents: auto", {}).problems[0]?.cause).toBe("keys");
});
