import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { parseBudgetSetting } from "../../src/budgets/parse-budget-setting.ts";
import { formatConversationId, parseConversationId } from "../../src/ids.ts";
import { textOf } from "../commands/room.ts";
import { openRoom } from "../support/parley-room.ts";
import { CONVERSATION } from "../support/thread-platform.ts";

const TENANT = "sk-tenant-0123456789abcdef";
const SECRET = "a secret of the operator";

/** A provider that refuses every key, and repeats it. */
async function openProvider() {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const key = String(request.headers.authorization ?? request.headers["x-api-key"] ?? "none");
    seen.push(key.replace("Bearer ", ""));
    request.resume().on("end", () => {
      response.writeHead(401, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${key}` } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const url = `http://127.0.0.1:${port}/v1`;
  return { url, seen: () => [...new Set(seen.splice(0))].toSorted() };
}

async function open(spaces = "") {
  const { url, seen } = await openProvider();
  const team = `
agents:
  - { id: gpt, name: GPT, backend: { type: openai, model: gpt-6-sol } }
  - { id: claude, name: Claude, backend: { type: anthropic, model: claude-opus-5-5 } }
  - { id: local, name: Local, backend: { type: compatible, model: m, base_url: "${url}" } }
  - { id: paid, name: Paid, backend: { type: compatible, model: n, base_url: "${url}", api_key: "\${PARLEY_KEY_PAID}" } }
${spaces}`;
  const room = await openRoom(team, {
    isMany: true,
    isReal: true,
    limits: parseBudgetSetting("1turn/day"),
    env: {
      OPENAI_API_KEY: "sk-operator-openai-1",
      OPENAI_BASE_URL: url,
      ANTHROPIC_API_KEY: "sk-operator-anthropic-1",
      ANTHROPIC_BASE_URL: url,
      PARLEY_KEY_PAID: "sk-operator-paid-1",
      PARLEY_SEAL_SECRET: SECRET,
    },
  });
  /** Asks, and resolves with the keys that models were asked with. */
  const ask = async (how: Parameters<typeof room.say>[1] = {}) => {
    await room.say("Why?", how);
    await room.quiet();
    return seen();
  };
  const run = async (text: string) => textOf(await room.command(text));
  return { ...room, ask, run };
}

test("a workspace's turns use only its keys, and cost the operator's budget nothing", async () => {
  const room = await open();
  const { ask, run, posted, problems } = room;
  expect(await run(`keys set openai ${TENANT}`)).toMatch(/^The OpenAI key is set\n/);
  expect(await ask()).toEqual(["none", TENANT].toSorted());
  expect(room.of("turn_started")[0]?.agents.map(({ name }) => name)).toEqual(["GPT", "Local"]);
  // The operator's limit of one turn a day is for those who use the operator's keys.
  expect(await ask()).toContain(TENANT);
  expect(room.of("turn_started")).toHaveLength(2);
  const said = JSON.stringify([
    posted("final"),
    posted("note"),
    problems,
    await run("keys show"),
    await run("why"),
  ]);
  expect(said).not.toContain("sk-tenant");
  expect(said).not.toMatch(/[A-Z]+_API_KEY/);
});

test("agents that are left out are named, and another workspace's keys are not used", async () => {
  const { ask, run } = await open();
  await run(`keys set openai ${TENANT}`);
  expect(await run("agents list")).toMatch(/Claude is left out: it is not set up here/);
  const place = { ...parseConversationId(CONVERSATION), space: "other" };
  const elsewhere = { conversation: formatConversationId(place) };
  expect(await ask(elsewhere)).toEqual([
    "none",
    "sk-operator-anthropic-1",
    "sk-operator-openai-1",
    "sk-operator-paid-1",
  ]);
});

test("a team whose file names the workspace keeps the file's keys", async () => {
  const { ask, run } = await open("spaces: test:space");
  await run(`keys set openai ${TENANT}`);
  expect(await ask()).toEqual(["none", "sk-operator-paid-1", TENANT]);
});

test("after the last key is removed, the installation's keys are used again", async () => {
  const { ask, run } = await open();
  await run(`keys set openai ${TENANT}`);
  expect(await run("keys remove openai")).toContain("use the installation's keys");
  expect(await ask()).toContain("sk-operator-openai-1");
});

test("with keys that no agent of the team can use, admins are told what to do, and no model is called", async () => {
  const { url } = await openProvider();
  const team = `agents: [{ id: gpt, backend: { type: openai, model: gpt-6-sol, base_url: "${url}", api_key: "\${PARLEY_KEY_X}" } }]`;
  const room = await openRoom(team, {
    isMany: true,
    isReal: true,
    env: { PARLEY_KEY_X: "sk-operator", PARLEY_SEAL_SECRET: SECRET },
  });
  await room.command(`keys set gemini ${TENANT}`);
  await room.say("Why?");
  expect(room.posted("note")).toEqual([
    "Nobody can answer this: no team can answer here with this workspace's own API keys. Its admins can set further keys (`!keys set`), or remove them (`!keys remove`).",
  ]);
  expect(textOf(await room.command("team list"))).toContain("needs an API key");
});

test("a key in a message is refused, and its author is told why", async () => {
  const { say, run, posted, whispered, ask } = await open();
  await say(`!keys set openai ${TENANT}`, { level: "admin" });
  expect(whispered()).toEqual(posted("note"));
  expect(posted("note")).toEqual([expect.stringMatching(/The key was not saved.*Revoke it/s)]);
  expect(JSON.stringify(posted("note"))).not.toContain("sk-tenant");
  expect(await run("keys show")).toContain("use the installation's keys");
  expect(await ask()).not.toContain(TENANT);
});

test("without a secret to encrypt them, keys are not offered", async () => {
  const room = await openRoom();
  for (const text of [`keys set openai ${TENANT}`, "keys show", "keys remove openai"])
    expect(textOf(await room.command(text))).toBe(
      "Workspace API keys are turned off here\nThe people who run Parley can turn them on.",
    );
});

test("a missing key and an unreachable server are reported without variables and hosts, everywhere", async () => {
  const team = `agents:
  - { id: gpt, backend: { type: openai, model: gpt-6-sol } }
  - { id: away, backend: { type: compatible, model: m, base_url: "http://127.0.0.1:9/v1" } }
limits: { move_timeout: 120 }
`;
  const room = await openRoom(team, { isReal: true });
  await room.say("Why?");
  await room.until(async () => {
    await room.clock.advance(1_000);
    expect(room.posted("note")).toHaveLength(1);
  });
  const why = textOf(await room.command("why", { level: "everyone" }));
  const said = JSON.stringify([room.posted("note"), room.statuses(), why]);
  expect(said).toContain("gpt (its key is not set up)");
  expect(said).not.toMatch(/_API_KEY|127\.0\.0\.1|api_key|base_url/);
});
