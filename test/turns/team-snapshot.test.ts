import { expect, test } from "vitest";
import type { BackendConfig } from "../../src/backends/config.ts";
import { readTeam } from "../../src/teams/files/read-team.ts";
import { restoreTeam, snapshotTeam } from "../../src/turns/team-snapshot.ts";

const SECRET = "s3cr3t-7f21c9d4e8";

function stored(backend: Record<string, unknown>) {
  const agents = [{ id: "a", backend, fallback: backend }];
  const text = JSON.stringify({ agents, mode: "auto", router: backend });
  const { team } = readTeam(
    { name: "t", file: "t.yaml", text },
    { env: {}, priceKnown: () => true },
  );
  if (!team) throw new Error("the team of the test is broken");
  const known = team.agents.map((agent) => agent.backend);
  return { snapshot: snapshotTeam({ ...team, notes: [] }), known };
}

const backend = { type: "openai", model: "m" } satisfies BackendConfig;

test.each([
  ["the key", { api_key: SECRET }],
  ["a header", { headers: { "x-key": SECRET } }],
  ["the query of the base URL", { base_url: `https://gateway.example/v1?key=${SECRET}` }],
  ["the user name of the base URL", { base_url: `https://${SECRET}@gateway.example/v1` }],
  ["the password of the base URL", { base_url: `https://me:${SECRET}@gateway.example/v1` }],
  ["the fragment of the base URL", { base_url: `https://gateway.example/v1#${SECRET}` }],
  ["the path of the base URL", { base_url: `https://gateway.example/${SECRET}/v1` }],
  ["a field of the request", { options: { api_key: SECRET } }],
  ["a deeper field of the request", { options: { extra: { auth_token: SECRET } } }],
])("A secret in %s is not stored, and filled in again from the team file", (_, part) => {
  const { snapshot, known } = stored({ ...backend, api_key: "k", ...part });
  expect(JSON.stringify(snapshot)).not.toContain(SECRET);
  const restored = restoreTeam(snapshot, () => known);
  expect(restored.agents[0]).toMatchObject({ backend: part, fallback: part });
  expect(restored.router).toMatchObject(part);
});

test("An address and options without a secret are stored", () => {
  const plain = {
    ...backend,
    base_url: "https://gateway.example:8443/openai/deployments/gpt-6-sol/v1",
    options: { text: { verbosity: "low" }, max_tokens: 5 },
  };
  const { snapshot } = stored({ ...plain, api_key: "k" });
  expect(restoreTeam(snapshot, () => []).agents[0]?.backend).toEqual(plain);
});

test("A key is filled in only for the address that the team file has it for", () => {
  const at = (base_url: string, api_key: string) => ({ ...backend, base_url, api_key });
  const { snapshot } = stored(at("https://one.example/v1", SECRET));
  const known = [at("https://two.example/v1", "other-key"), at("https://one.example/v1", SECRET)];
  expect(restoreTeam(snapshot, () => known).agents[0]?.backend.api_key).toBe(SECRET);
  expect(restoreTeam(snapshot, () => known.slice(0, 1)).agents[0]?.backend).not.toHaveProperty(
    "api_key",
  );
});
