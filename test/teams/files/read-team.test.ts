import { expect, test } from "vitest";
import { readTeam } from "../../../src/teams/files/read-team.ts";
import { DUO, problemsOf, read } from "./read.ts";

test("A team needs nothing but its agents; the rest has defaults", () => {
  const { team, problems } = read(DUO);
  expect(problems).toEqual([]);
  expect(team).toMatchObject({
    name: "duo",
    title: "duo",
    agents: [
      { id: "gpt", name: "gpt", instructions: "", fallback: null },
      { id: "claude", name: "Claude", instructions: "Be brief." },
    ],
    policy: { mode: "team", present: "reuse", limits: { rounds: 3 } },
    router: null,
    access: { operators: [], admins: [] },
  });
});

test("All errors are reported at once, each with its line and the nearest key", () => {
  const text = `nmae: Duo
mode: tem
agents:
  - id: Gpt 1
    backend:
      type: open-ai
      modle: gpt-6-sol
  - id: claude
    model: claude-opus-5-5
    backend: { type: anthropic, model: 4, price: { input: -1, output: 1 } }
limits:
  rounds: 1.5
  turn_timeout: "long"
gather: 5
`;
  expect(problemsOf(text)).toMatchInlineSnapshot(`
    "configs/duo.yaml:1:1: unknown key "nmae"; did you mean "name"?
    configs/duo.yaml:2:7: mode must be team, solo or auto, not "tem"; did you mean "team"?
    configs/duo.yaml:4:9: agents[0].id: an agent id is 1–32 of a–z, 0–9, - and _, and starts with a letter
    configs/duo.yaml:6:13: agents[0].backend.type must be openai, compatible, anthropic, gemini, azure, claude-code, gemini-cli, codex, acp or simulated, not "open-ai"; did you mean "openai"?
    configs/duo.yaml:7:7: unknown key "modle"; did you mean "model"?
    configs/duo.yaml:9:5: unknown key "model" here; "model" belongs under agents.backend
    configs/duo.yaml:10:40: agents[1].backend.model must be text, not 4
    configs/duo.yaml:10:59: agents[1].backend.price.input must be at least 0
    configs/duo.yaml:12:11: limits.rounds must be a whole number, not 1.5
    configs/duo.yaml:13:17: limits.turn_timeout must be a number, not "long"
    configs/duo.yaml:14:1: unknown key "gather" here; "gather" belongs under limits"
  `);
});

test.each([
  [
    "",
    "configs/duo.yaml:1:1: the file is empty: a team needs at least `agents`, a list of seats or the word auto",
  ],
  [
    "- a",
    "configs/duo.yaml:1:1: a team file is a mapping of keys to values, starting with `agents:`",
  ],
  ["name: Duo", "configs/duo.yaml:1:1: agents is missing: list the team's agents, or write auto"],
  ["agents: all", 'configs/duo.yaml:1:9: agents must be a list, or the word auto, not "all"'],
  ["agents: []", "configs/duo.yaml:1:9: agents must have at least 1 entry"],
  [
    "orchestrator: {}",
    "configs/duo.yaml:1:1: this looks like a MassGen config: convert it with `parley teams import FILE`",
  ],
  [
    `${DUO}limits:\n`,
    "configs/duo.yaml:8:8: limits is empty: give it a mapping of keys to values, or leave the key out",
  ],
  [
    `${DUO}system_prompt: Hi`,
    'configs/duo.yaml:8:1: unknown key "system_prompt"; did you mean "instructions"?',
  ],
  [
    `${DUO}zzz: 1`,
    'configs/duo.yaml:8:1: unknown key "zzz"; the keys here are access, agents, ballot, cache, concurrency, description, during_turn, instructions, limits, mode, name, present, router, scoreboard, settle, spaces, status, tally',
  ],
  [
    `${DUO}access: { admins: [U123] }`,
    "configs/duo.yaml:8:20: access.admins[0]: write platform:id, such as slack:U012AB3CD or discord:8032…; platform:* or * for everybody",
  ],
])("A file is refused (%#)", (text, expected) => {
  expect(problemsOf(text)).toBe(expected);
  expect(read(text).team).toBeNull();
});

test("Invalid YAML is refused with its position", () => {
  expect(problemsOf("agents:\n  - id: 'gpt\n")).toMatchInlineSnapshot(
    `"configs/duo.yaml:3:1: not valid YAML: Missing closing 'quote"`,
  );
  expect(problemsOf("mode: team\nmode: solo\n")).toMatchInlineSnapshot(
    `"configs/duo.yaml:2:1: not valid YAML: a mapping has this key twice"`,
  );
  expect(problemsOf("agents: !secret auto\n")).toMatchInlineSnapshot(
    `"configs/duo.yaml:1:9: not valid YAML: Unresolved tag: !secret"`,
  );
});

test("Agents share settings by anchor and merge key, and errors point into them", () => {
  const text = `agents:
  - id: a
    backend: &ollama
      type: compatible
      base_url: http://localhost:11434/v1
      model: one
  - id: b
    backend: { <<: *ollama, model: two, concurency: 1 }
`;
  expect(read(text.replace(", concurency: 1", "")).team?.agents[1]?.backend).toMatchObject({
    type: "compatible",
    model: "two",
  });
  expect(problemsOf(text)).toBe(
    'configs/duo.yaml:8:41: unknown key "concurency"; did you mean "concurrency"?',
  );
});

test("A compatible backend without base_url is refused", () => {
  expect(
    problemsOf("agents:\n  - id: a\n    backend: { type: compatible, model: m }\n"),
  ).toMatchInlineSnapshot(
    `"configs/duo.yaml:3:14: agents[0].backend.base_url: a compatible backend needs a base_url, such as http://localhost:11434/v1"`,
  );
});

test("Two agents of one id are refused at the second", () => {
  expect(problemsOf(DUO.replace("id: claude", "id: gpt"))).toBe(
    'configs/duo.yaml:4:9: the agent id "gpt" is taken by agents[0]; ids are unique in a team',
  );
});

test("A quorum that the team cannot reach is refused if it is set, and clamped if it is the default", () => {
  expect(problemsOf(`${DUO}limits: { quorum: 3 }`)).toBe(
    "configs/duo.yaml:8:19: a quorum of 3 can never be reached: the team has 2 agents",
  );
  expect(problemsOf("agents: [{ id: a, backend: { type: openai, model: m } }]")).toBe("");
});

test("A useless setting is a warning, and the team is used", () => {
  const text = `${DUO.replace("id: claude\n    name: Claude", "id: claude\n    name: GPT")}mode: solo
router: { type: openai, model: gpt-6-luna }
limits: { move_timeout: 400, max_cost_usd: 1 }
`;
  expect(problemsOf(text, { OPENAI_API_KEY: "k" }, false)).toMatchInlineSnapshot(`
    "configs/duo.yaml:3:37: warning: max_cost_usd cannot hold: the price of gpt-6-sol is unknown. Give it a price, or set max_tokens
    configs/duo.yaml:5:11: warning: two agents are called "gpt": people cannot tell them apart
    configs/duo.yaml:7:14: warning: no key for claude-opus-5-5: set ANTHROPIC_API_KEY, or api_key here
    configs/duo.yaml:7:40: warning: max_cost_usd cannot hold: the price of claude-opus-5-5 is unknown. Give it a price, or set max_tokens
    configs/duo.yaml:8:7: warning: solo asks the first agent only; the others never answer
    configs/duo.yaml:9:9: warning: the router is asked in mode auto only, not in solo
    configs/duo.yaml:9:32: warning: max_cost_usd cannot hold: the price of gpt-6-luna is unknown. Give it a price, or set max_tokens
    configs/duo.yaml:10:25: warning: a move may take 400 s, but the turn ends after 300 s"
  `);
  expect(read(text).team).not.toBeNull();
});

test("A team in which no seat has a key is refused with the variables to set", () => {
  expect(read(DUO, {}).team).toBeNull();
  expect(problemsOf(DUO, {})).toContain(
    "no seat has an API key: set OPENAI_API_KEY, ANTHROPIC_API_KEY, or give the seats an api_key",
  );
  expect(read(DUO, { ANTHROPIC_API_KEY: "k" }).team?.agents).toHaveLength(2);
});

test("A seat whose fallback has a key can answer, and so can one that needs none", () => {
  const fallback = DUO.replace(
    /( +)(backend: \{ type: openai[^}]*\})/,
    "$1$2\n$1fallback: { type: compatible, model: m, base_url: http://127.0.0.1:9/v1 }",
  );
  expect(read(fallback, {}).team).not.toBeNull();
  const headers = DUO.replaceAll(
    /type: (openai|anthropic),/g,
    "type: $1, headers: { authorization: Bearer k },",
  );
  expect(read(headers, {}).team).not.toBeNull();
});

test("A seat at a host of its own needs a key of its own", () => {
  const text =
    "agents: [{ id: a, backend: { type: openai, model: m, base_url: https://gw.example/v1 } }]";
  expect(problemsOf(text, { OPENAI_API_KEY: "k" })).toContain(
    "no seat has an API key: give the seats an api_key",
  );
});

test("An API key in the file causes a warning that does not contain it", () => {
  const text = DUO.replace(
    "model: gpt-6-sol",
    "model: gpt-6-sol, api_key: sk-proj-0123456789abcdef",
  );
  expect(problemsOf(text)).toBe(
    "configs/duo.yaml:3:57: warning: a key stands in the file: put it into the environment as PARLEY_KEY_… and write ${PARLEY_KEY_…} here",
  );
});

test("A turn costs at most a dollar by default, which causes no warning about an unpriced model", () => {
  const local =
    "agents: [{ id: a, backend: { type: compatible, model: m, base_url: 'http://localhost/v1' } }]\n";
  expect(problemsOf(local, {}, false)).toBe("");
  expect(read(local).team?.policy.limits.max_cost_usd).toBe(1);
  expect(read(`${local}limits: { max_cost_usd: 7.5 }`).team?.policy.limits.max_cost_usd).toBe(7.5);
});

test("Too many agents are told by their number, and by what a model can read", () => {
  const seats = (count: number, more = "") =>
    `agents:\n${Array.from({ length: count }, (_, i) => `  - { id: a${i}, backend: { type: compatible, model: m, base_url: "http://localhost:1/v1"${more} } }`).join("\n")}\n`;
  expect(problemsOf(seats(65))).toBe("configs/duo.yaml:2:3: agents must have at most 64 entries");
  const small = readTeam(
    { name: "duo", file: "duo.yaml", text: seats(20) },
    { env: {}, priceKnown: () => true, windowOf: () => 32_000 },
  );
  expect(small.problems[0]?.message).toBe(
    "m reads 32000 tokens, room for the answers of about 16 agents, and the team has 20. Take agents away, or set context_window if the model reads more",
  );
  const large = { env: {}, priceKnown: () => true, windowOf: () => 128_000 };
  expect(readTeam({ name: "duo", file: "duo.yaml", text: seats(50) }, large).problems).toEqual([]);
});

test("A concurrency at the top holds for agents that do not set their own, those of auto too", () => {
  const ceilings = (text: string) =>
    read(text).team?.agents.map(({ backend }) => backend.concurrency);
  expect(ceilings("agents: auto\nconcurrency: 20\n")).toEqual([20, 20, 20]);
  const own = DUO.replace("model: gpt-6-sol", "model: gpt-6-sol, concurrency: 2");
  expect(ceilings(`${own}concurrency: 20\n`)).toEqual([2, 20]);
  expect(ceilings(DUO)).toEqual([undefined, undefined]);
});
