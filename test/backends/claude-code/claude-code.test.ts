import { readdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Backend } from "../../../src/backends/backend.ts";
import type { Reply } from "../../servers/model-wire.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { useClaudeCode } from "../../support/claude-code.ts";
import { ask, calls, failure, request, said, voteTool } from "../ask.ts";

const KEY = "sk-ant-0123456789abcdef";
const claude = useClaudeCode();
const faults = useModelFaults();

/** A backend over the fake CLI that does what `fault` says. */
const backend = (fault = ""): Backend =>
  claude.create({
    model: "claude-test",
    baseUrl: faults().url,
    login: { type: "key", key: KEY },
    env: { FAKE_CLAUDE: fault },
  });
const answers = (...replies: readonly Reply[]) =>
  faults().play(...replies.map((reply) => ({ type: "answer", reply }) as const));
const prompt = (text: string) => ({
  messages: [{ role: "user" as const, parts: [{ type: "text" as const, text }] }],
});
const usage = { input: 10, cached: 0, cacheWritten: 0, output: 5, reasoning: 0 };
const vote = { name: "mcp__parley__vote", arguments: '{"reason":"shorter"}' };

describe("Claude Code", () => {
  test("takes move after move in one process, none of which sees another's words", async () => {
    const one = backend();
    answers({ text: "first" }, { calls: [vote] }, { text: "third" });
    await ask(one, prompt("The word is xyzzy."));
    await ask(one, { ...prompt("Vote. The word is plugh."), tools: [voteTool] });
    await ask(one, prompt("Which word?"));
    const last = faults().requests.at(-1)?.raw ?? "";
    expect(last).toContain("Which word?");
    expect(last).not.toMatch(/xyzzy|plugh|first|shorter/);
  });

  test.each([
    ["an answer", { text: "42" }],
    ["a vote", { calls: [vote] }],
    ["an answer that its limit cut", { text: "It is forty-", finish: "length" }],
    ["an answer that was refused", { text: "No.", finish: "refusal" }],
    ["a call of a tool that does not exist", { calls: [{ name: "Bash", arguments: "{}" }] }],
  ] as const)("asks the model once for %s", async (_, reply) => {
    faults().serve(() => ({ type: "answer", reply }));
    const one = backend();
    await ask(one, { tools: [voteTool] });
    await claude.close();
    expect(faults().requests).toHaveLength(1);
  });

  test("hands on the vote that reached Parley although nothing was streamed", async () => {
    answers({ calls: [vote], usage });
    const events = await ask(backend("whole"), { tools: [voteTool] });
    expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason":"shorter"}' }]);
    expect(events.at(-1)).toMatchObject({ type: "done", finish: "tool" });
  });

  test("throws a process away that does not clear its conversation", async () => {
    const one = backend("no-clear");
    answers({ text: "first" }, { text: "second" });
    await ask(one, prompt("The word is xyzzy."));
    await ask(one, prompt("Which word?"));
    expect(faults().requests.at(-1)?.raw).not.toContain("xyzzy");
    const pids = new Set((await claude.started()).map(({ pid }) => pid));
    expect(pids.size).toBeGreaterThan(1);
  });

  test("throws a process away that does not stop when it is told to", async () => {
    const before = (await claude.started()).length;
    const one = backend("deaf");
    faults().play({ type: "stall", after: { text: "It is forty-" } });
    for await (const event of one.ask(request())) if (event.type === "text") break;
    answers({ text: "second" });
    expect(said(await ask(one))).toBe("second");
    expect((await claude.started()).length).toBeGreaterThan(before + 1);
  });

  test("is read in spite of lines that are no JSON, of unknown types, or no objects", async () => {
    answers({ text: "It is 42.", thinking: "Hm." });
    expect(said(await ask(backend("noise")))).toBe("It is 42.");
  });

  test("is read if it streams nothing, as old versions do", async () => {
    answers({ text: "It is 42." });
    const events = await ask(backend("whole"));
    expect(said(events)).toBe("It is 42.");
    expect(events.at(-1)).toMatchObject({ type: "done", finish: "stop" });
  });

  test("that dies in the middle of a line fails in a way that may pass", async () => {
    const one = backend("dies");
    answers({ text: "It is 42." }, { text: "It is 42." });
    const thrown = await failure(one);
    expect(thrown.failure).toBe("network");
    expect(thrown.message).toMatch(/ended in the middle of its work/);
  });

  test("of an unknown version shows what it wrote, without the key", async () => {
    const { message } = await failure(backend("old"));
    expect(message).toContain("unknown option '--system-prompt-file'");
    answers({ text: "ok" });
    const flooded = backend("stderr-flood");
    expect(said(await ask(flooded))).toBe("ok");
    const thrown = await failure(backend("stderr-flood dies"));
    expect(inspect(thrown)).not.toContain(KEY);
  });

  test("that is not logged in says what to do", async () => {
    const env = { FAKE_CLAUDE: "logged-out" };
    const thrown = await failure(claude.create({ model: "m", login: { type: "own" }, env }));
    expect(thrown.failure).toBe("auth");
    expect(thrown.message).toMatch(/not logged in.*\/login/);
  });

  test("that takes no tools fails instead of asking without them", async () => {
    const thrown = await failure(backend("no-servers"), { tools: [voteTool] });
    expect(thrown.message).toMatch(/unknown subtype/);
    expect(faults().requests).toHaveLength(0);
  });

  test("that is not installed says how to install it", async () => {
    const one = claude.create({ model: "m", command: "no-such-claude" });
    const thrown = await failure(one);
    expect(thrown.message).toMatch(/no-such-claude.*npm install/);
    expect(thrown.passing).toBe(false);
  });

  test("runs in a private folder with an environment of its own, and leaves nothing behind", async () => {
    answers({ text: "ok" });
    await ask(backend("private"), { system: ["Secret rules."] });
    const [started] = (await claude.started()).filter(
      ({ env }) => env["FAKE_CLAUDE"] === "private",
    );
    if (!started) expect.fail("it did not start");
    const { cwd, env, args } = started;
    const folder = dirname(cwd);
    expect(folder.startsWith(claude.folder())).toBe(true);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(cwd)).toEqual([]);
    expect(env).toMatchObject({ HOME: folder, TMPDIR: folder, ANTHROPIC_API_KEY: KEY });
    expect(Object.keys(env)).not.toContain("VITEST");
    expect(args.join(" ")).not.toMatch(/Secret rules|sk-ant/);
    await claude.close();
    await expect(stat(folder)).rejects.toThrow(/ENOENT/);
  });

  test("uses its own log-in without a key, and loads no settings of the user", async () => {
    answers({ text: "ok" });
    const own = { type: "own", configFolder: "/home/ada/.claude" } as const;
    const env = { FAKE_CLAUDE: "own" };
    await ask(claude.create({ model: "m", baseUrl: faults().url, login: own, env }));
    const [started] = (await claude.started()).filter((one) => one.env["FAKE_CLAUDE"] === "own");
    expect(started?.args).toContain("--setting-sources=");
    expect(started?.args).not.toContain("--bare");
    expect(started?.env).toMatchObject({ CLAUDE_CONFIG_DIR: "/home/ada/.claude" });
    expect(started?.env).not.toHaveProperty("ANTHROPIC_API_KEY");
  });
});
