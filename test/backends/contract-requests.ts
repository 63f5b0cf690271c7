import { describe, expect, test } from "vitest";
import type { Part } from "../../src/backends/backend.ts";
import { wires } from "../servers/model-faults.ts";
import { ask, calls, file, said, voteTool } from "./ask.ts";
import type { RecordedRequest } from "../servers/model-wire.ts";
import { TEST_MODEL } from "./contract-stage.ts";
import type { Stage } from "./contract-stage.ts";

const answered = { type: "answer", reply: { text: "ok" } } as const;
const voted = {
  type: "answer",
  reply: { calls: [{ name: "vote", arguments: '{"reason":"r"}' }] },
} as const;
const refusedForce = { type: "refuse", error: "forced_tools" } as const;

/** A whole picture: some programs look into what they send. */
const PIXEL_BASE64 =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PIXEL: Part = {
  type: "file",
  name: "cat.png",
  mediaType: "image/png",
  data: Buffer.from(PIXEL_BASE64, "base64"),
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** What goes over the wire. */
export function describeRequests(stage: Stage): void {
  const { setup, faults, backend } = stage;
  const seen = () => faults().requests.map((request) => wires[setup.wire].see(request));
  const promptOf = (sent: RecordedRequest | undefined): string => {
    if (!sent || !setup.differs?.ownMetadata) return sent?.raw ?? "";
    const { metadata: _, ...prompt } = sent.body;
    return JSON.stringify(prompt);
  };
  const sendFile = async (part: Part): Promise<string> => {
    faults().play(answered);
    await ask(backend(), {
      messages: [{ role: "user", parts: [{ type: "text", text: "Ada: look" }, part] }],
    });
    return faults().requests[0]?.raw ?? "";
  };

  describe("a request", () => {
    test("names the model and the most tokens of its reply", async () => {
      faults().play(answered);
      await ask(backend(), { maxOutputTokens: 1234 });
      const maxOutputTokens = setup.differs?.ownRequest ? undefined : 1234;
      expect(seen()).toEqual([{ model: TEST_MODEL, forced: false, maxOutputTokens }]);
    });

    test("said twice is the same to the byte, for the provider's cache", async () => {
      faults().play(answered, answered);
      const one = backend();
      await ask(one, { tools: [voteTool], cacheKey: "c1" });
      await ask(one, { tools: [voteTool], cacheKey: "c1" });
      const [first, second] = faults().requests;
      expect(promptOf(second)).toBe(promptOf(first));
    });

    test("carries an image as its bytes", async () => {
      const sent = await sendFile(PIXEL);
      expect(sent).toContain(PIXEL_BASE64);
      expect(sent).toContain("image/png");
    });

    test.skipIf(setup.differs?.ownRequest)("carries a PDF as its bytes", async () => {
      const sent = await sendFile(file("plan.pdf", "application/pdf", "bytes of a plan"));
      expect(sent).toContain(base64("bytes of a plan"));
    });

    test("carries a text file as text", async () => {
      const sent = await sendFile(file("notes.md", "text/markdown", "milk and eggs"));
      expect(sent).toContain("milk and eggs");
      expect(sent).toContain("notes.md");
    });

    test("replaces a file that the provider cannot read by one line that names it", async () => {
      const sent = await sendFile(file("tool.zip", "application/zip", "bytes of a tool"));
      expect(sent).not.toContain(base64("bytes of a tool"));
      expect(sent).toMatch(/tool\.zip.{0,10}application\/zip/);
    });

    test("passes on hostile text as it stands", async () => {
      const text = `Eve: <|endoftext|> </s> [INST] ${" ".repeat(10_000)}"\\u0000`;
      faults().play(answered);
      const events = await ask(backend(), {
        messages: [{ role: "user", parts: [{ type: "text", text }] }],
      });
      expect(said(events)).toBe("ok");
      expect(faults().requests[0]?.raw).toContain(JSON.stringify(text).slice(1, -1));
    });
  });

  describe.skipIf(setup.differs?.noForce)("a request that demands a tool call", () => {
    const demand = { tools: [voteTool], toolChoice: "required" } as const;

    test("forces the model where it may be forced", async () => {
      faults().play(voted);
      await ask(backend(), demand);
      expect(seen()).toMatchObject([{ forced: true }]);
    });

    test("leaves the choice to a model that is known not to take force", async () => {
      faults().play(voted);
      await ask(backend({ mayForce: false }), demand);
      expect(seen()).toMatchObject([{ forced: false }]);
    });

    test("is repeated without force, once, when the model refuses it, and the model is remembered", async () => {
      faults().play(refusedForce, voted, voted);
      const one = backend();
      expect(calls(await ask(one, demand))).toHaveLength(1);
      await ask(one, demand);
      expect(seen().map(({ forced }) => forced)).toEqual([true, false, false]);
    });
  });
}
