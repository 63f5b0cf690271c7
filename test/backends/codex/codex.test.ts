import { lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Backend, BackendRequest } from "../../../src/backends/backend.ts";
import { type CodexOptions, createCodexBackend } from "../../../src/backends/codex/codex.ts";
import { CODEX_TIMES } from "../../../src/backends/codex/server.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { useFakeProgram } from "../../support/fake-program.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { ask, calls, failure, said, voteTool } from "../ask.ts";
import { describeBackendContract } from "../contract.ts";

const { command, host } = useFakeProgram(
  new URL("../../servers/cli/fake-codex.ts", import.meta.url),
);
const KEY = "sk-test-0123456789abcdef";
const known = new Map<string, Backend>();
const create = (options: Partial<CodexOptions>): Backend => {
  const key = JSON.stringify([options.baseUrl, options.model, options.apiKey, options.ownEnv]);
  const made = { host, command, model: "gpt-5.5", apiKey: KEY, baseUrl: "", env: {}, ownEnv: {} };
  const backend = known.get(key) ?? createCodexBackend({ ...made, ...options });
  known.set(key, backend);
  return backend;
};

describeBackendContract("codex", {
  wire: "chat",
  keyName: "OPENAI_API_KEY",
  differs: {
    noForce: true,
    oneMessage: true,
    noRetryAfter: true,
    noKeepAlive: true,
    noCacheWrites: true,
    ownRequest: true,
    movesServer: true,
    callsAsJson: true,
  },
  create: ({ url, model, apiKey }) => create({ baseUrl: url, model, apiKey }),
});

const answered = { type: "answer", reply: { text: "42" } } as const;
const voted = {
  type: "answer",
  reply: { calls: [{ name: "vote", arguments: '{"reason":"shorter"}' }] },
} as const;
const say = (text: string): Partial<BackendRequest> => ({
  messages: [{ role: "user", parts: [{ type: "text", text }] }],
});
const review = { tools: [voteTool], toolChoice: "required" } as const;

describe("Codex", () => {
  const faults = useModelFaults();
  const setUp = (options: Partial<CodexOptions> = {}) =>
    create({ baseUrl: faults().url, ...options });

  test("votes by a schema, with one model call; the next answer is free text again", async () => {
    faults().play(voted, answered);
    const events = await ask(setUp(), { ...say("vote"), ...review });
    expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason":"shorter"}' }]);
    expect(events.at(-1)).toMatchObject({ type: "done", finish: "tool" });
    expect(said(await ask(setUp()))).toBe("42");
    const [first, second] = faults().requests;
    expect(faults().requests).toHaveLength(2);
    expect(JSON.stringify(first?.body["response_format"])).toContain('"enum":["vote"]');
    expect(second?.body["response_format"]).toBeUndefined();
  });

  test("that does not keep to the schema is read as text, from which a vote can still be read", async () => {
    faults().play(voted);
    const events = await ask(setUp(), { ...say("@@no-json"), ...review });
    expect(said(events)).toBe("I would vote.");
    expect(events.at(-1)).toMatchObject({ type: "done", finish: "stop" });
  });

  test("sees nothing of an earlier move, not even of one that failed", async () => {
    faults().play(answered, { type: "refuse", error: "rate_limit" }, answered);
    await ask(setUp(), say("The secret word is XYLOPHONE."));
    await failure(setUp(), say("XYLOPHONE, I said."));
    await ask(setUp(), say("What is the secret word?"));
    expect(faults().requests[2]?.raw).not.toContain("XYLOPHONE");
  });

  test("tells the provider's words, without the address that it adds", async () => {
    faults().play({ type: "raw", status: 402, body: "Payment is due" });
    expect((await failure(setUp())).message).toMatch(/^Codex: Payment is due \(HTTP 402\)/);
  });

  test.each([
    ["exit", /Codex ended in the middle of its work \(exit code 3\)/],
    ["half-line", /Codex ended in the middle of its work \(exit code 1\)/],
  ])("that dies (@@%s) says so, and the next move gets another process", async (name, message) => {
    expect((await failure(setUp(), say(`@@${name}`))).message).toMatch(message);
    faults().play(answered);
    expect(said(await ask(setUp()))).toBe("42");
  });

  test.each([
    ["exit", /unexpected argument 'app-server' found.*--version/],
    ["strange", /its answer to thread\/start cannot be read.*Its version may be unknown/],
  ])("of a version that Parley does not know (%s) says what to do", async (FAKE, message) => {
    const thrown = await failure(setUp({ ownEnv: { FAKE } }));
    expect(thrown.message).toMatch(message);
    expect(thrown.message).not.toContain(KEY);
  });

  test("that hangs at its start is ended", async () => {
    const times = { ...CODEX_TIMES, initialize: 300 };
    const thrown = await failure(setUp({ ownEnv: { FAKE: "hang" }, times }));
    expect(thrown).toMatchObject({ failure: "timeout", reason: "program_failed" });
  });

  test("that is not installed says how to install it", async () => {
    const thrown = await failure(createCodexBackend({ ...OWN, env: {}, command: "no-codex" }));
    expect(thrown.message).toMatch(/Codex is not installed.*npm install -g @openai\/codex/);
  });

  const OWN = {
    host,
    command,
    model: "gpt-5.5",
    apiKey: undefined,
    baseUrl: undefined,
    ownEnv: {},
  };

  test("without a key and a log-in says how to log in", async () => {
    const thrown = await failure(createCodexBackend({ ...OWN, env: { HOME: "/nowhere" } }));
    expect(thrown).toMatchObject({ failure: "auth", reason: "not_logged_in" });
    expect(thrown.message).toMatch(/Run "codex login".*OPENAI_API_KEY/);
  });

  test("without a key uses its user's log-in by a link, and nothing else of the user", async () => {
    const home = await temporaryFolder();
    await mkdir(join(home, ".codex"));
    await writeFile(join(home, ".codex", "auth.json"), "{}");
    await writeFile(join(home, ".codex", "config.toml"), 'model = "mine"');
    const own = dirname(await host.folders.create());
    const before = new Set(await readdir(own));
    const backend = createCodexBackend({ ...OWN, env: { HOME: home } });
    await failure(backend);
    const folders = (await readdir(own)).filter((name) => !before.has(name));
    const codexHome = join(own, folders[0] ?? "", "home", "codex");
    expect((await lstat(join(codexHome, "auth.json"))).isSymbolicLink()).toBe(true);
    expect(await readdir(codexHome)).toEqual(["auth.json", "config.toml"]);
  });
});
