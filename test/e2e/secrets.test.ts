import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";
import { KEYS } from "./team-files.ts";

const HEADER = "Bearer gateway-5d2f8a10c3";
const OWN = "sk-own-2b84fe91d7";
const SECRETS = [...Object.values(KEYS), OWN, HEADER];

/** All that stands in the data folder: threads, database, lock. */
async function kept(house: House): Promise<string> {
  const files = await readdir(house.data, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

test("no secret is in any output or file, at LOG_LEVEL=debug as well", async () => {
  const house = await openHouse({ backend: { headers: { "x-gateway": HEADER } } });
  await house.team({
    name: "own",
    agents: ["gpt", "claude"],
    backend: { api_key: "${PARLEY_KEY_OWN}" },
  });
  const env = { LOG_LEVEL: "debug", PARLEY_KEY_OWN: OWN };
  house.panel.fail("claude-test", "error");
  const input = "The code word is heron. Why?\n/team show\n/team use own\nAnd now?\n/why\n/usage\n";
  const parley = house.start({ args: ["--json"], env, input });
  expect(await parley.exited).toBe(0);
  expect(parley.of("turn_summary")).toHaveLength(2);
  expect(parley.errors()).toContain('"msg":"turn started"');
  for (const text of [parley.output(), parley.errors(), await kept(house)]) {
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
  }
});

test("a provider that repeats the key in its error does not get it shown, logged or stored", async () => {
  const house = await openHouse();
  for (const [model, key] of Object.entries({
    "gpt-test": KEYS.OPENAI_API_KEY,
    "claude-test": KEYS.ANTHROPIC_API_KEY,
    "gemini-test": KEYS.GEMINI_API_KEY,
  })) {
    house.panel.fail(model, "error", `Incorrect API key provided: ${key}.`);
  }
  const env = { LOG_LEVEL: "debug" };
  const parley = house.start({ args: ["--once", "--json"], env, input: "Hello?" });
  expect(await parley.exited).toBe(1);
  expect(parley.output()).toContain("Incorrect API key provided");
  for (const text of [parley.output(), parley.errors(), await kept(house)]) {
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
  }
});
