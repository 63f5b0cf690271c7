import { describe, expect, test } from "vitest";
import { importMassgen } from "../../../src/teams/massgen/import-massgen.ts";
import { problemsOf, read } from "../files/read.ts";

const seat = (fields: string) => `agents: [{id: a, ${fields}}]`;
const backendOf = (fields: string) => {
  const { yaml, notes } = importMassgen(seat(`backend: {${fields}}`));
  const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => name);
  const env = {
    ...Object.fromEntries(names.map((name) => [name, name])),
    PARLEY_TEAM_ENV: names.join(),
    OPENAI_API_KEY: "k",
    AZURE_OPENAI_API_KEY: "k",
  };
  return { yaml, notes: notes.join("\n"), backend: read(yaml, env).team?.agents[0]?.backend };
};

describe("A key that the file does not name", () => {
  test.each([
    ["https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"],
    ["https://api.groq.com/openai/v1", "GROQ_API_KEY"],
    ["https://api.z.ai/api/paas/v4/", "ZAI_API_KEY"],
    ["https://open.bigmodel.cn/api/paas/v4", "ZAI_API_KEY"],
    ["https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "QWEN_API_KEY"],
    ["https://api.studio.nebius.ai/v1", "NEBIUS_API_KEY"],
    ["https://api.tokenfactory.nebius.com/v1", "NEBIUS_API_KEY"],
    ["https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"],
    ["https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"],
    ["https://api.together.xyz/v1", "TOGETHER_API_KEY"],
    ["https://api.moonshot.cn/v1", "MOONSHOT_API_KEY"],
    ["https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"],
    ["https://api.poe.com/v1", "POE_API_KEY"],
    ["https://api.x.ai/v1", "XAI_API_KEY"],
    ["https://api.deepseek.com", "DEEPSEEK_API_KEY"],
  ])("is inferred from the host %s", (url, variable) => {
    const { yaml, notes, backend } = backendOf(
      `type: chatcompletion, model: m, base_url: "${url}"`,
    );
    expect(yaml).toContain(`api_key: \${${variable}}`);
    expect(backend?.api_key).toBe(variable);
    expect(notes).toContain(`PARLEY_TEAM_ENV=${variable}`);
  });

  test.each([
    "http://localhost:1234/v1",
    "http://127.0.0.1:8000/v1",
    "http://192.168.1.20:30000/v1",
    "http://10.0.0.5:8080/v1",
    "http://gpu-box:8000/v1",
    "http://host.docker.internal:11434/v1",
  ])("is not needed at %s", (url) => {
    const { yaml, notes } = backendOf(`type: vllm, model: m, base_url: "${url}"`);
    expect(yaml).not.toContain("api_key");
    expect(notes).not.toMatch(/key/);
  });

  test("is asked for in a note where nobody knows its name, and never taken from another host", () => {
    const { yaml, notes } = backendOf(
      `type: chatcompletion, model: m, base_url: "https://api.x.ai.evil.example/v1"`,
    );
    expect(yaml).not.toContain("api_key");
    expect(notes).toContain(
      "no key is named for https://api.x.ai.evil.example/v1: if it wants one",
    );
  });

  test("of a local server is a dummy, not a secret", () => {
    const { yaml } = backendOf(`type: sglang, model: m, api_key: EMPTY`);
    expect(yaml).not.toContain("api_key");
  });

  test("is OpenAI's own at OpenAI's own address", () => {
    const { yaml, backend } = backendOf(
      `type: chatcompletion, model: gpt-5, base_url: "https://api.openai.com/v1"`,
    );
    expect(backend).toEqual({ type: "openai", model: "gpt-5" });
    expect(yaml).not.toContain("base_url");
  });
});

describe("Azure", () => {
  test.each([
    ["", { type: "azure", model: "m" }],
    [
      `, base_url: "https://us.openai.azure.com/", api_version: "2024-10-21"`,
      {
        type: "azure",
        model: "m",
        base_url: "https://us.openai.azure.com/",
        api_version: "2024-10-21",
        api_key: "AZURE_OPENAI_API_KEY",
      },
    ],
    [
      `, base_url: "\${AZURE_GPT4O_BASE_URL}", api_key: "\${AZURE_GPT4O_KEY}"`,
      { type: "azure", model: "m", api_key: "AZURE_GPT4O_KEY" },
    ],
    [
      `, azure_endpoint: "https://us.services.ai.azure.com/openai/v1", azure_deployment: ours`,
      {
        type: "azure",
        model: "ours",
        base_url: "https://us.services.ai.azure.com/openai/v1",
        api_key: "AZURE_OPENAI_API_KEY",
      },
    ],
  ])("with %j keeps its address, version and key", (more, expected) => {
    const text = `agents: [{id: a, backend: {type: azure_openai, model: m${more}}}]`;
    const { yaml } = importMassgen(text);
    const env = {
      AZURE_OPENAI_API_KEY: "AZURE_OPENAI_API_KEY",
      AZURE_GPT4O_KEY: "AZURE_GPT4O_KEY",
      AZURE_GPT4O_BASE_URL: "https://other.openai.azure.com/openai/v1",
      PARLEY_TEAM_ENV: "AZURE_OPENAI_API_KEY,AZURE_GPT4O_KEY,AZURE_GPT4O_BASE_URL",
    };
    expect(read(yaml, env).team?.agents[0]?.backend).toMatchObject(expected);
    expect(problemsOf(yaml, env)).toBe("");
  });
});

describe("Request fields", () => {
  test("of extra_body and chat_template_kwargs go along under options", () => {
    const { backend, notes } = backendOf(
      `type: vllm, model: m, temperature: 0.6, top_k: 20, extra_body: {repetition_penalty: 1.1}, chat_template_kwargs: {enable_thinking: false}`,
    );
    expect(backend?.options).toEqual({
      temperature: 0.6,
      top_k: 20,
      repetition_penalty: 1.1,
      chat_template_kwargs: { enable_thinking: false },
    });
    expect(notes).toContain(
      "agent a: temperature, top_k, repetition_penalty, chat_template_kwargs: becomes part of options, sent unchanged",
    );
  });

  test.each([
    [
      `type: openai, model: m, reasoning: {effort: high, summary: detailed, budget: 5}`,
      /reasoning\.summary is left out: .*\n.*reasoning\.budget is left out/,
    ],
    [`type: claude, model: m, text: {verbosity: low}`, /text\.verbosity is left out/],
    [`type: openai, model: m, text: {format: json}`, /text\.format is left out/],
    [`type: openai, model: m, max_tokens: lots`, /max_tokens is left out: it must be a number/],
    [`type: vllm, model: m, base_url: nowhere`, /base_url "nowhere" is left out/],
    [
      `type: openai, model: m, command_line_docker_image: x`,
      /command_line_docker_image is left out: .* no tools/,
    ],
  ])("that are lost in %s are named", (fields, note) => {
    const { notes, backend } = backendOf(fields);
    expect(notes).toMatch(note);
    expect(backend?.model).toBe("m");
  });

  test("read a number that stands in quotes", () => {
    expect(backendOf(`type: openai, model: m, max_tokens: "4096"`).backend?.max_output_tokens).toBe(
      4096,
    );
  });
});

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
