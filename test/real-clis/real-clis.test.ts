import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { Backend, BackendRequest } from "../../src/backends/backend.ts";
import { type CliHost, createCliHost } from "../../src/backends/cli/cli-host.ts";
import { systemClock } from "../../src/clock.ts";
import { ask, calls, failure, request, said, voteTool } from "../backends/ask.ts";
import { useModelFaults } from "../servers/use-model-faults.ts";
import { PATIENCE } from "../support/patience.ts";
import { REAL_PROGRAMS, type RealProgram } from "../support/real-programs.ts";

const USAGE = { input: 1000, cached: 0, cacheWritten: 0, output: 80, reasoning: 0 };
const SPENT = { input: 1000, cached: 0, cacheWritten: 0, output: 80 };
const REVIEW = { tools: [voteTool], toolChoice: "required" } as const;
const say = (text: string): Partial<BackendRequest> => ({
  messages: [{ role: "user", parts: [{ type: "text", text }] }],
});
const answer = (text: string) => ({ type: "answer", reply: { text, usage: USAGE } }) as const;

/** A program's backend, whose processes serve all tests of the block. */
function useProgram({ key, create }: RealProgram, url: () => string) {
  const running: { host?: CliHost; backend?: Backend; folder?: string } = {};
  beforeAll(async () => {
    running.folder = await mkdtemp(join(tmpdir(), "parley-"));
    running.host = createCliHost({
      clock: systemClock,
      wallClock: Date.now,
      dataFolder: running.folder,
      pid: process.pid,
    });
    running.backend = create(inject("realPrograms")[key] ?? "", running.host, url());
  });
  afterAll(async () => {
    await running.host?.close();
    await rm(running.folder ?? "", { recursive: true, force: true });
  });
  return (): Backend => {
    if (!running.backend) throw new Error("The backend is there within tests only.");
    return running.backend;
  };
}

describe.each(REAL_PROGRAMS)("The real $name", (program) => {
  const isMissing = inject("realPrograms")[program.key] === undefined;
  describe.skipIf(isMissing)(program.spec, () => {
    const faults = useModelFaults();
    const backend = useProgram(program, () => faults().url);
    const raw = (): string =>
      faults()
        .requests.map((one) => one.raw)
        .join("\n");

    /** Claude Code asks for the rest of a broken answer by itself, before it hears that nobody wants it. */
    const takeNoMore = (): void =>
      faults().serve((one) => (one.raw.includes("Next.") ? answer("ok") : { type: "silence" }));
    /** A move that begins when all requests of those before have come. */
    const next = () => ask(backend(), say("Next."));

    test("answers as its model does, in pieces, with one model call, whose tokens are counted", async () => {
      faults().play(answer("It is forty-two, as ever."));
      const events = await ask(backend(), say("What is 6 × 7?"));
      expect(said(events)).toBe("It is forty-two, as ever.");
      expect(events.filter(({ type }) => type === "text").length).toBeGreaterThan(1);
      expect(events.at(-1)).toEqual({ type: "done", finish: "stop", usage: SPENT });
      expect(raw()).toContain("You are one of a team.");
      expect(raw()).toContain("What is 6 × 7?");
      expect(faults().requests).toHaveLength(1);
    });

    test("votes with one model call", async () => {
      const reply = { ...program.vote('{"reason":"shorter"}'), usage: USAGE };
      faults().play({ type: "answer", reply });
      const events = await ask(backend(), { ...say("Review."), ...REVIEW });
      expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason":"shorter"}' }]);
      expect(events.at(-1)).toMatchObject({ type: "done", finish: "tool" });
      takeNoMore();
      await next();
      expect(faults().requests).toHaveLength(2);
    });

    test("sees no word of an earlier move, of a vote or of a failed one", async () => {
      faults().play(
        answer("XYLOPHONE it is."),
        { type: "answer", reply: program.vote('{"reason":"XYLOPHONE"}') },
        { type: "refuse", error: "rate_limit" },
        answer("I do not know."),
      );
      await ask(backend(), say("The secret word is XYLOPHONE."));
      await ask(backend(), { ...say("Is XYLOPHONE right?"), ...REVIEW });
      await failure(backend(), say("XYLOPHONE?"));
      expect(said(await ask(backend(), say("What is the word?")))).toBe("I do not know.");
      expect(faults().requests).toHaveLength(4);
      expect(faults().requests[3]?.raw).not.toContain("XYLOPHONE");
    });

    test("says which key the model server refused", async () => {
      faults().play({ type: "refuse", error: "auth" });
      const thrown = await failure(backend(), say("Hello."));
      expect(thrown).toMatchObject({ failure: "auth", reason: "key" });
      expect(thrown.message).toMatch(/refused the key: .*_API_KEY/);
      expect(thrown.message).not.toContain("sk-test");
      expect(faults().requests).toHaveLength(1);
    });

    test("leaves the second try to Parley when there are too many requests", async () => {
      faults().play({ type: "refuse", error: "rate_limit" });
      expect(await failure(backend(), say("Hello."))).toMatchObject({ failure: "rate_limit" });
      expect(faults().requests).toHaveLength(1);
    });

    test("tells that its model reached its output limit, and does not wait for more", async () => {
      const cut = { text: "It is forty-", finish: "length", usage: USAGE } as const;
      faults().play({ type: "answer", reply: cut });
      takeNoMore();
      const events = await ask(backend(), say("What is 6 × 7?"));
      expect(said(events)).toBe("It is forty-");
      expect(events.at(-1)).toMatchObject({ type: "done", finish: program.cut ?? "length" });
      await next();
      expect(faults().requests.filter(({ hungUp }) => !hungUp)).toHaveLength(2);
    });

    test("has no answer when its model breaks off in the middle of one", async () => {
      faults().play({ type: "cut", after: { text: "It is", usage: USAGE } });
      takeNoMore();
      expect(await failure(backend(), say("Hello."))).toMatchObject({ failure: "incomplete" });
      await next();
    });

    test("stops when its move is cancelled, hangs up, and takes the next move", async () => {
      faults().play({ type: "stall", after: { text: "It is" } }, answer("Here I am."));
      const stop = new AbortController();
      const cancelled = async (): Promise<void> => {
        const events = backend().ask(request({ ...say("Wait."), signal: stop.signal }));
        for await (const { type } of events) if (type === "text") stop.abort();
      };
      await expect(cancelled()).rejects.toThrow();
      await vi.waitFor(() => expect(faults().requests[0]?.hungUp).toBe(true), PATIENCE);
      expect(said(await ask(backend(), say("Are you there?")))).toBe("Here I am.");
      expect(faults().requests).toHaveLength(2);
    });
  });
});
