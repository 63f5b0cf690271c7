import { expect, onTestFinished, test } from "vitest";
import { parseCommand } from "../../src/commands/parse/parse-command.ts";
import { openStore } from "../../src/store/store.ts";
import { createOwnKeys, withOwnKeys } from "../../src/tenants/own-keys.ts";

const SECRET = "a secret of the operator";
const here = { platform: "slack", space: "T1" };
const KEY = "sk-tenant-0123456789";
const given = { key: KEY, by: "slack:U1", at: 5 };

async function open() {
  const store = await openStore({ dir: ":memory:", pid: 1, now: () => 0 });
  onTestFinished(() => store.close());
  const rows = store.installs.of("own keys");
  const started = (env: Record<string, string> = { PARLEY_SEAL_SECRET: SECRET }) =>
    createOwnKeys({ rows, env });
  return { store, rows, started };
}

test("a key is stored encrypted, for its workspace only", async () => {
  const { started, rows } = await open();
  const keys = started();
  expect(await keys.of(here)).toBeNull();
  await keys.set(here, "openai", given);
  expect(await started().of(here)).toEqual({ openai: KEY });
  expect(await keys.of({ ...here, space: "T2" })).toBeNull();
  expect(await keys.of({ ...here, platform: "discord" })).toBeNull();
  expect(await keys.list(here)).toEqual([{ provider: "openai", by: "slack:U1", at: 5 }]);
  expect(JSON.stringify(await rows.list())).not.toMatch(/sk-tenant|slack:U1/);
});

test("a row that is moved to another workspace cannot be decrypted there", async () => {
  const { started, rows } = await open();
  await started().set(here, "openai", given);
  await rows.add("slack:T2", (await rows.get("slack:T1")) ?? "");
  expect(await started().of({ ...here, space: "T2" })).toEqual({});
});

test("keys of several providers are set and removed one by one, and the last leaves no row", async () => {
  const { started, store } = await open();
  const keys = started();
  await Promise.all([
    keys.set(here, "openai", given),
    keys.set(here, "anthropic", { ...given, key: "sk-ant-1" }),
  ]);
  await keys.set(here, "openai", { ...given, key: "sk-newer" });
  expect(await keys.of(here)).toEqual({ openai: "sk-newer", anthropic: "sk-ant-1" });
  expect(await keys.remove(here, "openai")).toBe(true);
  expect(await keys.remove(here, "openai")).toBe(false);
  expect(await keys.of(here)).toEqual({ anthropic: "sk-ant-1" });
  await keys.remove(here, "anthropic");
  expect(await keys.of(here)).toBeNull();
  expect(await store.db.q("SELECT * FROM installs", [])).toEqual([]);
});

test.each([
  [
    "SLACK_STATE_SECRET",
    { SLACK_STATE_SECRET: SECRET },
    { PARLEY_SEAL_SECRET: "another one, long enough", SLACK_STATE_SECRET: SECRET },
  ],
  [
    "SLACK_INSTALL_SECRET",
    { SLACK_INSTALL_SECRET: SECRET },
    { SLACK_INSTALL_SECRET: "new", SLACK_INSTALL_SECRET_OLD: SECRET },
  ],
  [
    "PARLEY_SEAL_SECRET",
    { PARLEY_SEAL_SECRET: SECRET },
    { PARLEY_SEAL_SECRET: "new", PARLEY_SEAL_SECRET_OLD: `older,${SECRET}` },
  ],
])("keys sealed with %s outlive a change of the secret", async (_, before, after) => {
  const { started } = await open();
  await started(before).set(here, "openai", given);
  const next = started(after);
  expect(await next.of(here)).toEqual({ openai: KEY });
  expect(await next.reseal()).toEqual([]);
  const [name = "", value = ""] = Object.entries(after)[0] ?? [];
  expect(await started({ [name]: value }).of(here)).toEqual({ openai: KEY });
});

test("with keys whose secret is lost, neither these nor the installation's are used", async () => {
  const { started } = await open();
  await started().set(here, "openai", given);
  const lost = started({ PARLEY_SEAL_SECRET: "not the one it was" });
  expect(await lost.of(here)).toEqual({});
  expect(await lost.list(here)).toEqual([]);
  expect(await lost.reseal()).toEqual(["slack:T1"]);
  expect(await started({}).of(here)).toEqual({});
  await lost.set(here, "openai", { ...given, key: "sk-again-12345" });
  expect(await lost.of(here)).toEqual({ openai: "sk-again-12345" });
});

test("without a secret keys are not offered", async () => {
  const { started } = await open();
  expect(started({}).isOffered).toBe(false);
  await expect(started({}).set(here, "openai", given)).rejects.toThrow(/no secret/);
});

test("the installation's keys are not in a workspace's environment", () => {
  const env = {
    OPENAI_API_KEY: "o",
    ANTHROPIC_API_KEY: "a",
    GEMINI_API_KEY: "g",
    GOOGLE_API_KEY: "g2",
    OPENAI_BASE_URL: "u",
  };
  expect(withOwnKeys(env, { openai: KEY })).toEqual({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: "u" });
  expect(withOwnKeys(env, {})).toEqual({ OPENAI_BASE_URL: "u" });
});

test.each([
  [`keys set openai ${KEY}`, { name: "keys set", provider: "openai", key: KEY }],
  [`!key set Claude ${KEY}`, { name: "keys set", provider: "anthropic", key: KEY }],
  [`/parley keys set google "${KEY}"`, { name: "keys set", provider: "gemini", key: KEY }],
  ["keys", { name: "keys show" }],
  ["keys remove openai", { name: "keys remove", provider: "openai" }],
])("%s is understood", (text, command) => {
  expect(parseCommand(text)).toEqual(command);
});

test.each([
  `keys ${KEY}`,
  `keys set ${KEY}`,
  `keys set ${KEY} openai`,
  `keys set opnai ${KEY}`,
  `keys set openai ${KEY} ${KEY}`,
  `keys set openai "${KEY} ${KEY}"`,
  `keys set openai --${KEY}`,
  `keys set openai ${KEY}é`,
  `keys remove ${KEY}`,
  `keys put openai ${KEY}`,
  "keys set openai short",
])("%s is refused without repeating the key", (text) => {
  const read = parseCommand(text);
  expect(read.name).toBe("problem");
  expect(JSON.stringify(read)).not.toContain("sk-tenant");
});
