import { expect, test } from "vitest";
import { importMassgen } from "../../../src/teams/massgen/import-massgen.ts";
import { problemsOf, read } from "../files/read.ts";

const CONFIG = `# three agents
agents:
  - id: "gpt5"
    system_message: "You check facts."
    backend:
      type: "openai"
      model: "gpt-5"
      text: { verbosity: "medium" }
      reasoning: { effort: "medium", summary: "auto" }
      enable_web_search: true
      enable_code_interpreter: true
  - id: "Agent B"
    backend: { type: "grok", model: "grok-4", temperature: 0.7, enable_web_search: true }
  - id: "local"
    backend: { type: "lmstudio", model: "qwen3", api_key: "\${LM_KEY}", base_url: "http://10.0.0.5:1234/v1" }
  - id: "coder"
    backend: { type: "claude_code", cwd: "work" }
  - id: "pilot"
    backend: { type: "copilot" }
orchestrator:
  max_new_answers_per_agent: 3
  voting_sensitivity: "strict"
  final_answer_strategy: "synthesize"
  snapshot_storage: "snapshots"
  magic: true
timeout_settings:
  orchestrator_timeout_seconds: 600
ui:
  display_type: "rich_terminal"
`;

test("A MassGen config becomes a team file", () => {
  expect(importMassgen(CONFIG).yaml).toMatchInlineSnapshot(`
    "# yaml-language-server: $schema=./schema.json
    description: Imported from a MassGen config.
    agents:
      - id: gpt5
        instructions: You check facts.
        backend:
          type: openai
          model: gpt-5
          reasoning: medium
          web_search: true
          options:
            text:
              verbosity: medium
      - id: agent-b
        name: Agent B
        backend:
          type: compatible
          model: grok-4
          base_url: https://api.x.ai/v1
          api_key: \${XAI_API_KEY}
          options:
            temperature: 0.7
      - id: local
        backend:
          type: compatible
          model: qwen3
          base_url: http://10.0.0.5:1234/v1
          api_key: \${LM_KEY}
      - id: coder
        backend:
          type: claude-code
          model: claude-opus-5-5
    present: synthesize
    limits:
      revisions_per_agent: 2
      turn_timeout: 600
    "
  `);
});

test("Unsupported settings are listed with the reason", () => {
  expect(importMassgen(CONFIG).notes.join("\n")).toMatchInlineSnapshot(`
    "agent gpt5: reasoning.summary is left out: Parley itself asks for a summary where the model offers one
    agent gpt5: enable_code_interpreter is left out: Parley's agents answer in a chat and have no tools, files or shell of their own
    agent Agent B: temperature: becomes part of options, sent unchanged
    agent Agent B: enable_web_search is left out: this provider has no search of its own in Parley
    agent Agent B: the id "Agent B" becomes agent-b
    agent coder: Claude Code runs as it is installed here, without files and shell
    agent coder: no model was named: it gets claude-opus-5-5
    agent coder: cwd is left out: Parley's agents answer in a chat and have no tools, files or shell of their own
    agent pilot: left out: copilot has no counterpart: Copilot has no API that Parley could ask
    orchestrator.max_new_answers_per_agent becomes limits.revisions_per_agent: the first answer is not counted there
    orchestrator.voting_sensitivity is left out: reviewers give 0–10 to every answer instead of passing one or not
    orchestrator.snapshot_storage is left out: Parley's agents have no files of their own
    orchestrator.magic is left out: Parley has nothing like it
    ui.display_type is left out: how a turn looks is the platform's part
    the team file wants variables of the environment: set XAI_API_KEY, LM_KEY, and PARLEY_TEAM_ENV=XAI_API_KEY,LM_KEY"
  `);
});

test("The imported file is a valid team, with variables from the environment", () => {
  const { yaml } = importMassgen(CONFIG);
  const env = {
    OPENAI_API_KEY: "a",
    ANTHROPIC_API_KEY: "b",
    XAI_API_KEY: "c",
    LM_KEY: "d",
    PARLEY_TEAM_ENV: "XAI_API_KEY,LM_KEY",
  };
  expect(problemsOf(yaml, env)).toBe("");
  expect(read(yaml, env).team?.policy).toMatchObject({
    present: "synthesize",
    limits: { revisions_per_agent: 2, turn_timeout: 600 },
  });
});

test("JSON is accepted too, and one agent becomes a team of one", () => {
  const { yaml } = importMassgen('{"agent": {"backend": {"model": "claude-sonnet-4"}}}');
  expect(read(yaml).team).toMatchObject({
    agents: [{ id: "agent1", backend: { type: "anthropic", model: "claude-sonnet-4" } }],
    policy: { mode: "solo" },
  });
});

test("Instructions keep their ${…}, which Parley would otherwise refuse", () => {
  const { yaml } = importMassgen(
    "agents: [{id: a, system_message: 'Write ${name}.', backend: {type: openai}}]",
  );
  expect(read(yaml).team?.agents[0]?.instructions).toBe("Write ${name}.");
});

test("An API key in the file is not copied", () => {
  const { yaml, notes } = importMassgen(
    "agents: [{id: a, backend: {type: groq, model: m, api_key: gsk_123456}}]",
  );
  expect(yaml).toContain("api_key: ${GROQ_API_KEY}");
  expect(`${yaml}${notes.join()}`).not.toContain("gsk_");
  expect(notes).toContain(
    "agent a: the key in the file is not copied: set it as GROQ_API_KEY in the environment",
  );
});

const mapped =
  `openai claude gemini grok chatcompletion azure_openai lmstudio vllm sglang inference zai cerebras
  together fireworks groq openrouter moonshot nebius poe qwen claude_code codex gemini_cli`.split(
    /\s+/,
  );

test.each(mapped)("The backend type %s has a counterpart", (type) => {
  const { yaml } = importMassgen(`agents: [{id: a, backend: {type: ${type}, model: m}}]`);
  const variables = Object.fromEntries(
    [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, "https://example.com"]),
  );
  const listed = { PARLEY_TEAM_ENV: Object.keys(variables).join() };
  const names = ["OPENAI", "ANTHROPIC", "GEMINI", "AZURE_OPENAI"];
  const keys = Object.fromEntries(names.map((name) => [`${name}_API_KEY`, "k"]));
  expect(read(yaml, { ...keys, ...variables, ...listed }).team?.agents[0]?.backend.model).toBe("m");
});

test.each(["copilot", "antigravity_cli", "uitars", "ag2", "abacus"])(
  "The backend type %s is named as unsupported",
  (type) => {
    const { notes } = importMassgen(
      `agents: [{id: a, backend: {type: ${type}}}, {id: b, backend: {type: openai}}]`,
    );
    expect(notes[0]).toMatch(`agent a: left out: ${type} has no counterpart: `);
  },
);

test.each([
  ["max_new_answers_per_agent: 1", { limits: { revisions_per_agent: 0 } }],
  ["disable_injection: true", { limits: { revisions_per_agent: 0 } }],
  ["skip_voting: true", { limits: { rounds: 0 } }],
  ["defer_voting_until_all_answered: true", { limits: { gather: 120 } }],
  ["skip_final_presentation: true", { present: "reuse" }],
  ["skip_final_presentation: false", { present: "polish" }],
  ["final_answer_strategy: winner_present", { present: "polish" }],
])("orchestrator.%s keeps its meaning", (line, policy) => {
  const two = "{id: a, backend: {type: openai}}, {id: b, backend: {type: claude}}";
  const { yaml } = importMassgen(`agents: [${two}]\norchestrator:\n  ${line}\n`);
  expect(read(yaml).team?.policy).toMatchObject(policy);
});

test.each([
  [
    "{model: mystery}",
    "agent a: left out: its backend has no counterpart: it names no type, and the model's name does not tell it",
  ],
  [
    "{type: openai, model: m, reasoning: {effort: extreme}}",
    "agent a: reasoning.effort extreme is left out: it is one of none, minimal, low, medium, high, xhigh, max",
  ],
  ["{type: poe}", "agent a: no model was named: fill it in"],
  [
    "{type: openai, model: m, exotic: 1}",
    "agent a: exotic is left out: Parley has nothing like it",
  ],
])("A backend %s is noted", (backend, note) => {
  const { notes } = importMassgen(
    `agents: [{id: a, backend: ${backend}}, {backend: {model: grok-4}}]`,
  );
  expect(notes).toContain(note);
});

test("Settings that only MassGen has are noted with the reason", () => {
  const { notes } =
    importMassgen(`agents: [{backend: {type: openai, model: m}}, {backend: {type: claude, model: m}}]
orchestrator: { coordination_mode: decomposition, final_answer_strategy: magic, coordination: {}, fairness_enabled: true }
timeout_settings: { initial_round_timeout_seconds: 90, round_timeout_grace_seconds: 10 }
ui: { logging_enabled: true, use_orchestrator_for_single_agent: false }
session_id: s1
`);
  expect(notes.join("\n")).toMatchInlineSnapshot(`
    "orchestrator.coordination_mode is left out: agents do not divide a question in Parley
    orchestrator.final_answer_strategy is left out: magic is not known
    orchestrator.coordination is left out: planning, personas and checklists have no counterpart
    orchestrator.fairness_enabled is left out: reviews are batched, so that no agent can run ahead of the others
    timeout_settings.round_timeout_grace_seconds is left out: a move that runs out of time has no grace
    ui.logging_enabled is left out: LOG_LEVEL sets what is logged
    session_id is left out: the thread is the session"
  `);
});

test("Ids that Parley does not accept are changed, and stay unique", () => {
  const { yaml } = importMassgen(
    "agents: [{id: 1a, backend: {type: openai}}, {id: A, backend: {type: openai}}, {backend: {type: openai}}]",
  );
  expect(read(yaml).team?.agents.map(({ id, name }) => [id, name])).toEqual([
    ["a", "1a"],
    ["a-2", "A"],
    ["agent3", "agent3"],
  ]);
});

test.each([
  [
    "agents: [",
    "line 1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
  ],
  ["name: x", "this is no MassGen config: it has neither `agents` nor `agent`"],
  [
    "agents:\n  - id: a\n    backend: openai",
    'line 3: this is no MassGen config: agents[0].backend must be a mapping of keys to values, not "openai"',
  ],
  ["agents: [{backend: {type: ag2}}]", "none of the agents has a counterpart in Parley"],
])("%j cannot be imported", (text, message) => {
  expect(() => importMassgen(text)).toThrow(message);
});
