import { describe, expect, test } from "vitest";
import type { Reply } from "../servers/model-wire.ts";
import { wires } from "../servers/model-faults.ts";
import { ask, calls, failure, request, said, voteTool } from "./ask.ts";
import type { Stage } from "./contract-stage.ts";

const usage = { input: 1000, cached: 600, cacheWritten: 0, output: 80, reasoning: 50 };

/** What comes out of an answer that the provider gave in full. */
export function describeAnswers(stage: Stage): void {
  const { setup, faults, backend } = stage;
  const answer = (reply: Reply) => {
    faults().play({ type: "answer", reply });
    return ask(backend(), { tools: [voteTool] });
  };

  describe("an answer", () => {
    test("counts cached tokens as part of the input, and reasoning as part of the output", async () => {
      const events = await answer({ text: "42", usage });
      expect(events.at(-1)).toEqual({
        type: "done",
        finish: "stop",
        usage: {
          input: 1000,
          cached: setup.differs?.noCacheReads ? 0 : 600,
          cacheWritten: 0,
          output: 80,
        },
      });
    });

    test.skipIf(setup.differs?.noCacheWrites)(
      "counts what was written to the cache as part of the input",
      async () => {
        const events = await answer({ text: "42", usage: { ...usage, cacheWritten: 300 } });
        expect(events.at(-1)).toMatchObject({
          usage: { input: 1000, cached: 600, cacheWritten: 300, output: 80 },
        });
      },
    );

    test("keeps thinking and text apart", async () => {
      const events = await answer({ thinking: "Six sevens, hmm.", text: "It is 42." });
      expect(said(events, "thinking")).toBe("Six sevens, hmm.");
      expect(said(events)).toBe("It is 42.");
    });

    test.skipIf(setup.differs?.callsAsJson)(
      "survives a network that cuts characters and frames to single bytes",
      async () => {
        const reply: Reply = {
          text: "Grüße, 世界 👋",
          calls: [{ name: "vote", arguments: '{"reason":"naïve ✓"}' }],
          usage,
        };
        faults().play({ type: "answer", reply, drip: true });
        const events = await ask(backend(), { tools: [voteTool] });
        expect(said(events)).toBe(reply.text);
        expect(calls(events).map((call) => JSON.parse(call.arguments))).toEqual([
          { reason: "naïve ✓" },
        ]);
      },
    );

    test.skipIf(setup.differs?.callsAsJson)(
      "with two tool calls hands on both, in order, after its text",
      async () => {
        const both = [
          { name: "vote", arguments: '{"reason":"first"}' },
          { name: "new_answer", arguments: '{"content":"second"}' },
        ];
        const events = await answer({ text: "Let me vote.", calls: both });
        expect(said(events)).toBe("Let me vote.");
        expect(calls(events)).toEqual(setup.differs?.movesServer ? both.slice(0, 1) : both);
        expect(events.at(-1)).toMatchObject({ finish: "tool" });
      },
    );

    test.skipIf(setup.differs?.malformedCall ?? setup.differs?.movesServer)(
      "with malformed arguments hands them on as the model wrote them",
      async () => {
        const events = await answer({ calls: [{ name: "vote", arguments: '{"reason": "un' }] });
        expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason": "un' }]);
        expect(events.at(-1)).toMatchObject({ finish: "tool" });
      },
    );

    test.runIf(setup.differs?.malformedCall)(
      "with a malformed call fails, as the provider keeps the call to itself",
      async () => {
        faults().play({
          type: "answer",
          reply: { calls: [{ name: "vote", arguments: '{"reason": "un' }] },
        });
        expect((await failure(backend())).failure).toBe(setup.differs?.malformedCall);
      },
    );

    test("cut by its limit says so, and keeps its text", async () => {
      const events = await answer({ text: "It is forty-", finish: "length", usage });
      expect(said(events)).toBe("It is forty-");
      expect(events.at(-1)).toMatchObject({ type: "done", finish: "length" });
    });

    test("of which the limit left nothing is an incomplete one", async () => {
      faults().play({ type: "answer", reply: { thinking: "Hmm", finish: "length", usage } });
      expect((await failure(backend())).failure).toBe("incomplete");
    });

    test("that the provider refused to give says so", async () => {
      const events = await answer({ text: "I cannot help with that.", finish: "refusal" });
      expect(events.at(-1)).toMatchObject({ type: "done", finish: "refusal" });
    });

    test.skipIf(setup.differs?.noKeepAlive ?? wires[setup.wire].keepAlive === undefined)(
      "that is long in coming shows that its connection lives",
      async () => {
        faults().play({ type: "stall", after: {}, keepAlive: true });
        const preamble = wires[setup.wire].content({}).length;
        let alive = 0;
        for await (const event of backend().ask(request())) {
          if (event.type === "alive") alive += 1;
          // A program tells that it lives before it asks.
          if (alive > preamble && faults().requests.length > 0) break;
        }
        expect(alive).toBeGreaterThan(preamble);
      },
    );
  });
}
