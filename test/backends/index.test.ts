import { expect, it } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import type { CliHost } from "../../src/backends/cli/cli-host.ts";
import { createConcessionBook } from "../../src/backends/concessions/ledger.ts";
import { BackendConfig, BackendType, PROGRAMS } from "../../src/backends/config.ts";
import { createBackends } from "../../src/backends/index.ts";
import { Limits } from "../../src/coordination/policy.ts";
import { testCliHost } from "../support/cli-host.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { listen, question } from "./scripted-backend.ts";

const limits = { ...Limits.parse({}), move_retries: 0 };
// Nothing listens there: the connection is refused at once.
const nowhere = "http://127.0.0.1:9";

function setUp(env: Record<string, string> = {}, cli?: CliHost) {
  const clock = createFakeClock();
  const catalogue = createCatalogue();
  const concessions = createConcessionBook();
  const backends = createBackends({ env, clock, catalogue, concessions, cli });
  const create = (config: object, fallback?: object) =>
    backends.create(BackendConfig.parse({ model: "some-model", ...config }), {
      limits,
      ...(fallback && { fallback: BackendConfig.parse({ model: "spare", ...fallback }) }),
    });
  const outcome = async (config: object, fallback?: object) => {
    const heard = listen(create(config, fallback).ask(question()));
    while (heard.outcome === undefined) await new Promise((resolve) => setImmediate(resolve));
    return heard;
  };
  return { create, outcome };
}

it("a backend names the provider that bills before the SDK is loaded", () => {
  const { create } = setUp();
  expect(create({ type: "gemini" })).toMatchObject({ kind: "gemini", provider: "google" });
  const openrouter = { type: "compatible", base_url: "https://openrouter.ai/api/v1" };
  expect(create(openrouter)).toMatchObject({ kind: "compatible", provider: "openrouter" });
  expect(create({ type: "compatible", base_url: nowhere })).toMatchObject({ provider: null });
});

it.each(["openai", "anthropic", "gemini"])("a call says which key %s lacks", async (type) => {
  const { outcome } = setUp();
  expect((await outcome({ type })).outcome).toMatchObject({
    failure: "auth",
    message: expect.stringMatching(/_API_KEY/),
  });
});

it.each(BackendType.options.filter((type) => type !== "simulated" && !PROGRAMS.has(type)))(
  "a call goes to the address that %s is given",
  async (type) => {
    const { outcome } = setUp();
    const config = { type, base_url: nowhere, api_key: "secret-key" };
    expect((await outcome(config)).outcome).toMatchObject({ failure: "network" });
  },
);

it("no program runs that PARLEY_COMMANDS does not list", async () => {
  const cli = await testCliHost();
  const acp = { type: "acp", command: "no-such-agent" };
  const { outcome } = setUp({ PARLEY_COMMANDS: "opencode, goose" }, cli);
  expect((await outcome(acp)).outcome).toMatchObject({
    failure: "bad_request",
    message: expect.stringMatching(/"no-such-agent", which PARLEY_COMMANDS does not list/),
  });
  const listed = setUp({ PARLEY_COMMANDS: "opencode, no-such-agent" }, cli);
  expect((await listed.outcome(acp)).outcome).toMatchObject({
    message: expect.stringMatching(/is not installed/),
  });
});

it("Claude Code runs as it is installed, but with variables of a team file only where PARLEY_COMMANDS lists it", async () => {
  const cli = await testCliHost();
  const claude = { type: "claude-code" };
  const { outcome } = setUp({ PATH: "/nowhere" }, cli);
  expect((await outcome(claude)).outcome).toMatchObject({
    message: expect.stringMatching(/Claude Code is not installed/),
  });
  const led = { ...claude, env: { HTTPS_PROXY: "http://127.0.0.1:9" } };
  expect((await outcome(led)).outcome).toMatchObject({
    message: expect.stringMatching(/"claude", which PARLEY_COMMANDS does not list/),
  });
});

it("the key of Claude Code goes to no other address", async () => {
  const cli = await testCliHost();
  const { outcome } = setUp({ PATH: "/nowhere", ANTHROPIC_API_KEY: "sk-ant-1" }, cli);
  const elsewhere = { type: "claude-code", base_url: nowhere };
  expect((await outcome(elsewhere)).outcome).toMatchObject({
    failure: "auth",
    message: expect.stringMatching(/needs a key/),
  });
});

it("a backend without a key uses its fallback", async () => {
  const { outcome } = setUp();
  const fallback = { type: "simulated", options: { pace: 0 } };
  const heard = await outcome({ type: "openai" }, fallback);
  expect(heard.outcome).toBe("done");
  expect(heard.retries()).toMatchObject([{ failure: "auth", backend: "simulated/spare" }]);
});

it("the agents of an account share one circuit breaker, and not with other accounts", async () => {
  const { outcome } = setUp();
  const account = { type: "openai", base_url: nowhere, api_key: "one" };
  for (let n = 0; n < 5; n += 1) await outcome({ ...account, model: `model-${n}` });
  expect((await outcome(account)).outcome).toMatchObject({
    failure: "overloaded",
    message: expect.stringContaining("Parley tries it again in"),
  });
  expect((await outcome({ ...account, api_key: "two" })).outcome).toMatchObject({
    failure: "network",
  });
});
