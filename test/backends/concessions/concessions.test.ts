import { describe, expect, test } from "vitest";
import { createConcessionBook } from "../../../src/backends/concessions/ledger.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, file, said, voteTool } from "../ask.ts";
import { REFUSALS } from "./reported.ts";
import { backendOf, errorBody, type Fields, serveByRules, type StageOptions } from "./stage.ts";

/** What each kind of refusal needs in a request. */
const NEEDS: Readonly<Record<string, { fields?: Fields; options?: StageOptions }>> = {
  "no tools": { fields: { tools: [voteTool], toolChoice: "required" } },
  "no forced call": { fields: { tools: [voteTool], toolChoice: "required" } },
  "no tool_choice": { fields: { tools: [voteTool] } },
  "no field of tools": { fields: { tools: [voteTool] } },
  "no system prompt": {},
  "alternating roles": {
    fields: {
      messages: ["Ada: hello", "Bob: and?"].map((text) => ({
        role: "user",
        parts: [{ type: "text", text }],
      })),
    },
  },
  "an output limit": { options: { maxOutputTokens: 100_000 } },
  "no sampling": { options: { options: { temperature: 0.7, top_p: 0.9 } } },
  "no reasoning": { options: { reasoning: "high" } },
  "no such level of reasoning": { options: { reasoning: "minimal" } },
  "no cache fields": { fields: { cacheKey: "thread-1" } },
  "no usage in streams": {},
  "no storage field": {},
  "no images": { fields: { messages: [{ role: "user", parts: [file("cat.png", "image/png")] }] } },
  "no documents": {
    fields: { messages: [{ role: "user", parts: [file("plan.pdf", "application/pdf")] }] },
  },
  "few images": {
    fields: {
      messages: [
        { role: "user", parts: [1, 2, 3].map((n) => file(`${n}.png`, "image/png", `image ${n}`)) },
      ],
    },
  },
  "no streaming": {},
  "no web search": { options: { webSearch: true, model: "gemini-3.8-flash" } },
};

describe("a request that a server refuses in part", () => {
  const faults = useModelFaults();

  test.each(REFUSALS)(
    "$what: $kind succeeds without that part, and the next call leaves it out at once ($words)",
    async ({ kind, what, words, status = 400, body, offends }) => {
      const rule = { offends, status, body: body ?? errorBody(kind, status, words) };
      serveByRules(faults(), [rule]);
      const learned: string[] = [];
      const book = createConcessionBook((message) => learned.push(message));
      const ledger = book.of({ kind, baseUrl: faults().url, model: "m" });
      const { fields = {}, options = {} } = NEEDS[what] ?? {};
      const one = backendOf(kind, faults().url, { ...options, ledger });
      expect(said(await ask(one, fields))).toBe("ok");
      const steps = faults().requests.length;
      expect(offends(faults().requests[0] ?? expect.fail("nothing was sent"))).toBe(true);
      expect(steps).toBeLessThanOrEqual(4);
      expect(said(await ask(one, fields))).toBe("ok");
      expect(faults().requests.slice(steps).map(offends)).toEqual([false]);
      expect(learned.length).toBeGreaterThan(0);
      expect(new Set(learned).size).toBe(learned.length);
    },
  );
});
