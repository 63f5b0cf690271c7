import { describe, expect, test } from "vitest";
import { importMassgen } from "../../../src/teams/massgen/import-massgen.ts";
import { read } from "../files/read.ts";

describe("Orchestration", () => {
  const two = "agents: [{id: a, backend: {type: openai}}, {id: b, backend: {type: openai}}]";
  test.each([
    [1, { revisions_per_agent: 0, rounds: 3 }],
    [3, { revisions_per_agent: 2, rounds: 3 }],
    [5, { revisions_per_agent: 4, rounds: 5 }],
    [10, { revisions_per_agent: 9, rounds: 10 }],
  ])("max_new_answers_per_agent: %i can be reached within the rounds", (count, limits) => {
    const { yaml } = importMassgen(`${two}\norchestrator: {max_new_answers_per_agent: ${count}}`);
    expect(read(yaml).team?.policy.limits).toMatchObject(limits);
  });

  test("what is lost within coordination is named", () => {
    const { notes } = importMassgen(
      `${two}\norchestrator: {coordination: {max_orchestration_restarts: 2, enable_planning_mode: true, use_skills: false}}`,
    );
    expect(notes).toContain(
      "orchestrator.coordination is left out: max_orchestration_restarts: a turn is not started over; people ask again, or `retry`; enable_planning_mode: planning, personas and checklists have no counterpart",
    );
  });
});

describe("Instructions", () => {
  const told = (fields: string) => {
    const { yaml, notes } = importMassgen(`agents:\n  - id: a\n${fields}`);
    return { notes: notes.join("\n"), text: read(yaml).team?.agents[0]?.instructions ?? "" };
  };

  test.each([
    ["Use the web_search tool first.", "    backend: {type: claude}", "web_search"],
    ["Call new_answer when done.", "    backend: {type: openai}", "new_answer"],
    ["Save all in your workspace.", "    backend: {type: openai, cwd: w}", "workspace"],
    [
      "Ask weather for it.",
      "    backend: {type: openai, mcp_servers: [{name: weather}]}",
      "weather",
    ],
    ["Use mcp__brave__web_search.", "    backend: {type: openai}", "mcp__brave__web_search"],
  ])(
    "that call tools (%s) are noted, and the agent is told that they are gone",
    (text, backend, tool) => {
      const { notes, text: instructions } = told(`    system_message: "${text}"\n${backend}`);
      expect(notes).toContain(`its instructions speak of tools that are gone (${tool})`);
      expect(instructions).toMatch(/^[^\n]+\n\nYou have no tools, files or shell here\./);
    },
  );

  test("without tools stay as they are; those of older and of Claude Code configs are found", () => {
    expect(told(`    system_message: "Be brief."\n    backend: {type: openai}`).text).toBe(
      "Be brief.",
    );
    const nested = `    backend: {type: claude_code, system_message: "One.", append_system_prompt: "Two."}`;
    expect(told(nested).text).toBe("One.\n\nTwo.");
  });
});

describe("Sizes and shapes", () => {
  const many = (count: number, type = "gemini") =>
    `agents:\n${Array.from({ length: count }, (_, i) => `  - {id: a${i}, backend: {type: ${type}, model: gemini-2.5-flash}}`).join("\n")}`;

  test("fifty agents become a team, and a hundred the first 64, the others named", () => {
    expect(read(importMassgen(many(50)).yaml).team?.agents).toHaveLength(50);
    const { yaml, notes } = importMassgen(many(66));
    expect(read(yaml).team?.agents).toHaveLength(64);
    expect(notes).toContain("a team has at most 64 agents: a64, a65 are left out");
  });

  test("the first versions' spelling is read", () => {
    const { yaml } = importMassgen(
      `orchestrator: {max_duration: 900, max_debate_rounds: 2, consensus_threshold: 0.5}
agents: [{agent_id: 1, agent_type: openai, model_config: {model: o4-mini, max_retries: 15}}, {agent_id: 2, agent_type: grok, model_config: {model: grok-4}}]`,
    );
    const env = { OPENAI_API_KEY: "k", XAI_API_KEY: "k", PARLEY_TEAM_ENV: "XAI_API_KEY" };
    expect(read(yaml, env).team).toMatchObject({
      agents: [{ id: "agent1" }, { id: "agent2", backend: { type: "compatible" } }],
      policy: { limits: { turn_timeout: 900, rounds: 2 } },
    });
  });

  test("the agents that AG2 wraps become agents of the team", () => {
    const { yaml } = importMassgen(`agents:
  - id: team
    backend:
      type: ag2
      group_config:
        llm_config: {api_type: openai, model: gpt-5}
        agents:
          - {name: Coder, system_message: Write code.}
          - {name: Tester, llm_config: {api_type: google, model: gemini-2.5-flash}}
  - id: alone
    backend: {type: ag2, agent_config: {llm_config: {config_list: [{api_type: anthropic, model: claude-sonnet-4}]}}}`);
    expect(read(yaml).team?.agents).toMatchObject([
      { id: "coder", instructions: "Write code.", backend: { type: "openai", model: "gpt-5" } },
      { id: "tester", backend: { type: "gemini" } },
      { id: "alone", backend: { type: "anthropic" } },
    ]);
  });

  test.each([
    ["[]", "it has neither `agents` nor `agent`"],
    ["just text", "it has neither `agents` nor `agent`"],
    ["agents: 5", "agents must be a list, or the word auto, not 5"],
    ["agents: [a, b]", 'agents[0] must be a mapping of keys to values, not "a"'],
    ["agents: [{id: a}]\norchestrator: on", "orchestrator must be a mapping of keys to values"],
    [
      "agents: [{backend: {type: openai}}]\nui: []",
      "ui must be a mapping of keys to values, not a list",
    ],
  ])("%j is refused in plain words", (text, words) => {
    expect(() => importMassgen(text)).toThrow(/^(line \d+: )?this is no MassGen config: /);
    expect(() => importMassgen(text)).toThrow(words);
    expect(() => importMassgen(text)).not.toThrow(/Invalid input|expected/);
  });
});
