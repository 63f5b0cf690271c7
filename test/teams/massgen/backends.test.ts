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
    ANTHROPIC_API_KEY: "k",
    GEMINI_API_KEY: "k",
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

test.each([
  ["claude_code", "claude-code", "Claude Code"],
  ["codex", "codex", "Codex"],
  ["gemini_cli", "gemini-cli", "Gemini CLI"],
])("The program %s stays that program", (type, own, name) => {
  const { backend, notes } = backendOf(`type: ${type}, model: m`);
  expect(backend).toEqual({ type: own, model: "m" });
  expect(notes).toContain(`${name} runs as it is installed here, without files and shell`);
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
