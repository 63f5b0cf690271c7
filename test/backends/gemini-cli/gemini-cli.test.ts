import { describe, expect, test } from "vitest";
import type { Backend } from "../../../src/backends/backend.ts";
import { createGeminiCliBackend } from "../../../src/backends/gemini-cli/gemini-cli.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { useFakeProgram } from "../../support/fake-program.ts";
import { ask, calls, failure, said, voteTool } from "../ask.ts";
import { describeBackendContract } from "../contract.ts";

const { command, host } = useFakeProgram(new URL("../../servers/cli/fake-acp.ts", import.meta.url));
const known = new Map<string, Backend>();
const create = (url: string, model: string, apiKey: string | undefined): Backend => {
  const key = `${url} ${model} ${apiKey}`;
  const backend =
    known.get(key) ??
    createGeminiCliBackend({ model, host, command, apiKey, baseUrl: url, env: {}, ownEnv: {} });
  known.set(key, backend);
  return backend;
};

describeBackendContract("gemini-cli", {
  wire: "chat",
  keyName: "GEMINI_API_KEY",
  differs: {
    noForce: true,
    oneMessage: true,
    noRetryAfter: true,
    noKeepAlive: true,
    noCacheWrites: true,
    ownRequest: true,
    movesServer: true,
    noCacheReads: true,
  },
  create: ({ url, model, apiKey }) => create(url, model, apiKey),
});

describe("Gemini CLI", () => {
  const faults = useModelFaults();
  const backend = () => create(faults().url, "gemini-3.8-flash", "AIza-test-0123456789");

  test("votes with one model call, whose tokens are counted", async () => {
    faults().play({
      type: "answer",
      reply: { calls: [{ name: "vote", arguments: '{"reason":"shorter"}' }] },
    });
    const events = await ask(backend(), { tools: [voteTool] });
    expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason":"shorter"}' }]);
    expect(events.at(-1)).toEqual({
      type: "done",
      finish: "tool",
      usage: { input: 1000, cached: 0, cacheWritten: 0, output: 20 },
    });
    expect(faults().requests).toHaveLength(1);
  });

  test("sees nothing of an earlier move", async () => {
    const answered = { type: "answer", reply: { text: "ok" } } as const;
    faults().play(answered, answered);
    const say = (text: string) => ({
      messages: [{ role: "user" as const, parts: [{ type: "text" as const, text }] }],
    });
    await ask(backend(), say("The secret word is XYLOPHONE."));
    expect(said(await ask(backend(), say("What is it?")))).toBe("ok");
    expect(faults().requests[1]?.raw).not.toContain("XYLOPHONE");
  });

  test("thinks without the empty titles that it puts before each piece of a thought", async () => {
    faults().play({ type: "answer", reply: { thinking: "Six by seven.", text: "42" } });
    expect(said(await ask(backend()), "thinking")).toBe("Six by seven.");
  });

  test("without a key says that personal log-ins are closed", async () => {
    const thrown = await failure(create(faults().url, "gemini-3.8-flash", undefined));
    expect(thrown).toMatchObject({ failure: "auth", reason: "key_missing" });
    expect(thrown.message).toMatch(/GEMINI_API_KEY.*personal log-ins no more since June 2026/);
  });
});
