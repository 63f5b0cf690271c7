import { readdir } from "node:fs/promises";
import { inspect } from "node:util";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { type AcpTimes, ACP_TIMES } from "../../../src/backends/acp/agent.ts";
import { createGenericAcpBackend } from "../../../src/backends/acp/generic.ts";
import type { BackendRequest } from "../../../src/backends/backend.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { testCliHost } from "../../support/cli-host.ts";
import { PATIENCE } from "../../support/patience.ts";
import { ask, calls, failure, file, request, said, voteTool } from "../ask.ts";

const agent = fileURLToPath(new URL("../../servers/cli/fake-acp.ts", import.meta.url));
const KEY = "sk-test-0123456789abcdef";
const answered = { type: "answer", reply: { text: "42" } } as const;
const voted = {
  type: "answer",
  reply: { calls: [{ name: "vote", arguments: '{"reason":"shorter"}' }] },
} as const;

const say = (text: string): Partial<BackendRequest> => ({
  messages: [{ role: "user", parts: [{ type: "text", text }] }],
});

describe("An agent that speaks ACP", () => {
  const faults = useModelFaults();
  const setUp = async (
    start = "",
    fields: { times?: Partial<AcpTimes>; command?: string } = {},
  ) => {
    const host = await testCliHost();
    return createGenericAcpBackend({
      model: "m1",
      host,
      env: {},
      command: fields.command ?? process.execPath,
      args: [agent],
      ownEnv: { FAKE: start, FAKE_MODEL_URL: faults().url, FAKE_MODEL: "m1", FAKE_KEY: KEY },
      times: { ...ACP_TIMES, ...fields.times },
    });
  };
  const requests = () => faults().requests.map(({ raw }) => raw);

  test("sees nothing of an earlier move, not even of one that failed or was cancelled", async () => {
    const backend = await setUp();
    faults().play(answered, { type: "refuse", error: "rate_limit" }, answered);
    await ask(backend, say("The secret word is XYLOPHONE."));
    await failure(backend, say("The secret word is XYLOPHONE again."));
    await ask(backend, say("What is the secret word?"));
    expect(requests()).toHaveLength(3);
    expect(requests()[2]).not.toContain("XYLOPHONE");
  });

  test("makes exactly one model call for a move, a vote included, and asks for no title", async () => {
    const backend = await setUp();
    faults().play(voted, voted);
    const events = await ask(backend, { ...say("@@title vote now"), tools: [voteTool] });
    expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason":"shorter"}' }]);
    expect(events.at(-1)).toMatchObject({ type: "done", finish: "tool" });
    await ask(backend, { ...say("and once more"), tools: [voteTool] });
    expect(requests()).toHaveLength(2);
  });

  test("keeps moves apart that run at the same time", async () => {
    const backend = await setUp();
    faults().serve(({ raw }) => ({
      type: "answer",
      reply: { text: /word (\d)/.exec(raw)?.[1] ?? "" },
    }));
    const words = ["1", "2", "3", "4", "5"];
    const answers = await Promise.all(words.map((word) => ask(backend, say(`word ${word}`))));
    expect(answers.map((events) => said(events))).toEqual(words);
  });

  test("without a system prompt of its own gets the rules in front of the message", async () => {
    const backend = await setUp();
    faults().play(answered);
    await ask(backend, { system: ["Rules of the team."], ...say("Ada: hello") });
    expect(requests()[0]).toMatch(/Rules of the team\..*Ada: hello/);
  });

  test("that takes neither tools nor pictures is asked for JSON, and told of the picture", async () => {
    const backend = await setUp("bare");
    faults().play(answered);
    const picture = file("cat.png", "image/png");
    const events = await ask(backend, {
      messages: [{ role: "user", parts: [{ type: "text", text: "Look:" }, picture] }],
      tools: [voteTool],
    });
    expect(events).toContainEqual({
      type: "left_out",
      files: [{ file: "cat.png", why: "this model reads no images", isNew: false }],
    });
    expect(requests()[0]).toContain("Score every standing answer.");
  });

  test("may use the tools of the move once, and no other ones, whatever they are called", async () => {
    const events = await ask(await setUp(), say("@@shell"));
    expect(said(events)).toBe("shell: no");
  });

  test("is put into its default mode, and a notice in its answer is cut", async () => {
    faults().play(answered);
    expect(said(await ask(await setUp("auto"), say("@@warning")))).toBe("42");
  });

  test("may send updates, requests and notifications that Parley does not know", async () => {
    faults().play(answered);
    expect(said(await ask(await setUp(), say("@@unknown")))).toBe("42");
  });

  test("may write lines that are no JSON, and flood its stderr", async () => {
    faults().play(answered);
    expect(said(await ask(await setUp(), say("@@noise @@stderr")))).toBe("42");
  });

  describe("tells a failure apart from an answer:", () => {
    test.each([
      ["sentence", "rate_limit"],
      ["json-answer", "context"],
      ["session-failure", "overloaded"],
      ["cancels", "incomplete"],
      ["turns", "incomplete"],
      ["lost-child", "incomplete"],
    ])("@@%s is of class %s", async (name, failed) => {
      expect((await failure(await setUp(), say(`@@${name}`))).failure).toBe(failed);
    });

    test("text before an error is no answer", async () => {
      faults().play({ type: "refuse", error: "auth" });
      const thrown = await failure(await setUp());
      expect(thrown.failure).toBe("auth");
      expect(inspect(thrown, { depth: 9 })).not.toContain(KEY);
    });
  });

  describe("fails in plain English, and the next move gets another process:", () => {
    test.each([
      ["exit", /ended in the middle of its work \(exit code 3\)/],
      ["half-line", /ended in the middle of its work \(exit code 1\)/],
      ["flood", /flooded Parley with output/],
      ["big-line", /flooded Parley with output/],
      ["lost-child", /Claude process exited unexpectedly/],
    ])("@@%s", async (name, message) => {
      const backend = await setUp();
      expect((await failure(backend, say(`@@${name}`))).message).toMatch(message);
      faults().play(answered);
      expect(said(await ask(backend))).toBe("42");
    });
  });

  describe("that cannot be started says what to do:", () => {
    test.each([
      ["exit", /Its version may be unknown|this agent needs Node 99/],
      ["old", /version 7 of the protocol\).*--version/],
      ["strange", /does not speak as expected/],
      ["no-login", /is not logged in: Authentication required\. Give it its key/],
    ])("%s", async (start, message) => {
      const thrown = await failure(await setUp(start));
      expect(thrown.message).toMatch(message);
      expect(thrown.message).not.toContain(KEY);
    });

    test("it hangs", async () => {
      const thrown = await failure(await setUp("hang", { times: { initialize: 300 } }));
      expect(thrown).toMatchObject({ failure: "timeout", reason: "program_failed" });
      expect(thrown.message).toContain("did not start in time");
    });

    test("it is not installed", async () => {
      const thrown = await failure(await setUp("", { command: "no-such-agent" }));
      expect(thrown).toMatchObject({ passing: false, reason: "program_missing" });
      expect(thrown.message).toMatch(/no program "no-such-agent".*set command in the team file/);
    });
  });

  test("that was cancelled keeps its process for the next move", async () => {
    const backend = await setUp();
    const cancel = async (): Promise<void> => {
      const stop = new AbortController();
      const events = backend.ask(request({ ...say("wait"), signal: stop.signal }));
      for await (const { type } of events) if (type === "text") stop.abort();
    };
    faults().serve(({ raw }) =>
      raw.includes("wait") ? { type: "stall", after: { text: "It is" } } : answered,
    );
    const pids = async () => {
      const events = await ask(backend, say("@@pid"));
      return said(events);
    };
    const before = await pids();
    await expect(cancel()).rejects.toThrow();
    expect(await pids()).toBe(before);
  });

  test("that does not react to a cancel loses its process, and the next move works", async () => {
    const backend = await setUp("", { times: { cancel: 100 } });
    const stop = new AbortController();
    const asked = ask(backend, { ...say("@@deaf"), signal: stop.signal });
    setTimeout(() => stop.abort(new Error("stopped")), 2000);
    await expect(asked).rejects.toThrow("stopped");
    faults().play(answered);
    expect(said(await ask(backend))).toBe("42");
  });

  test("leaves nothing behind: its process ends with Parley, and its folder is wiped", async () => {
    const host = await testCliHost();
    const folder = await host.folders.create();
    faults().play(answered);
    const backend = createGenericAcpBackend({
      model: "m1",
      host,
      env: {},
      command: process.execPath,
      args: [agent],
      ownEnv: { FAKE_MODEL_URL: faults().url },
    });
    await ask(backend, request());
    const own = folder.replace(/[/\\][^/\\]+$/, "");
    expect((await readdir(own)).length).toBeGreaterThan(1);
    await host.close();
    await vi.waitFor(async () => expect(await readdir(own).catch(() => [])).toEqual([]), PATIENCE);
  });
});
