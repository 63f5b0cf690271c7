import { describe, expect, test } from "vitest";
import { createConcessionBook, createLedger } from "../../../src/backends/concessions/ledger.ts";
import type { Scene } from "../../servers/model-faults.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, calls, failure, file, said, voteTool } from "../ask.ts";
import { samplePdf } from "../../pdf/sample-pdf.ts";
import { hasDocuments, hasField, hasSystem, hasTools, type Offence, streams } from "./offences.ts";
import { backendOf, errorBody, type Kind, KINDS, serveByRules } from "./stage.ts";

const review = { tools: [voteTool], toolChoice: "required" } as const;
const hasJsonSchema: Offence = ({ raw }) => /"type":"json_schema"|"responseJsonSchema":/.test(raw);
const hasJsonMode: Offence = ({ raw }) => /"type":"json_object"|"responseMimeType":/.test(raw);

describe("a model without tools", () => {
  const faults = useModelFaults();
  const rule = (kind: Kind, offends: Offence, words: string) => ({
    offends,
    status: 400,
    body: errorBody(kind, 400, words),
  });
  const noTools = (kind: Kind) => rule(kind, hasTools, "qwen3:0.6b does not support tools");
  const ballot = '{"name": "vote", "arguments": {"reason": "B is right."}}';

  test.each(KINDS)(
    "a model without tools votes in JSON by a schema at %s, as if it had called the tool",
    async (kind) => {
      serveByRules(faults(), [noTools(kind)], { text: ballot });
      const events = await ask(backendOf(kind, faults().url), review);
      expect(calls(events)).toEqual([{ name: "vote", arguments: '{"reason":"B is right."}' }]);
      expect(events.at(-1)).toMatchObject({ finish: "tool" });
      const last = faults().requests.at(-1);
      expect(last && hasJsonSchema(last)).toBe(true);
      expect(last?.raw).toContain("You cannot call tools here");
      expect(last?.raw).toContain("Score every standing answer.");
    },
  );

  test.each(KINDS)("a model without tools and schemas votes in plain JSON at %s", async (kind) => {
    const rules = [
      noTools(kind),
      rule(kind, hasJsonSchema, "json_schema is not supported: use response_format json_object"),
      rule(kind, hasJsonMode, "response_format is not supported by this model"),
    ];
    serveByRules(faults(), rules, { text: `\`\`\`json\n${ballot}\n\`\`\`` });
    const one = backendOf(kind, faults().url);
    expect(calls(await ask(one, review))).toHaveLength(1);
    const steps = faults().requests.length;
    expect(calls(await ask(one, review))).toHaveLength(1);
    expect(faults().requests.length).toBe(steps + 1);
  });

  test.each(KINDS)("a model without tools answers in plain text at %s", async (kind) => {
    serveByRules(faults(), [noTools(kind)], { text: "It is 42." });
    expect(said(await ask(backendOf(kind, faults().url), review))).toBe("It is 42.");
  });
});

describe("concessions", () => {
  const faults = useModelFaults();

  test.each(KINDS)("concessions follow one another in a call to %s, each once", async (kind) => {
    const rules = [
      { offends: hasTools, words: "llama4 does not support tools" },
      { offends: hasSystem, words: "System role not supported" },
      { offends: hasField("temperature"), words: "Unsupported parameter: 'temperature'" },
    ].map(({ offends, words }) => ({ offends, status: 400, body: errorBody(kind, 400, words) }));
    serveByRules(faults(), rules);
    const one = backendOf(kind, faults().url, { options: { temperature: 0.5 } });
    expect(said(await ask(one, review))).toBe("ok");
    expect(faults().requests).toHaveLength(4);
    expect(said(await ask(one, review))).toBe("ok");
    expect(faults().requests).toHaveLength(5);
  });

  test.each(KINDS)("concessions are learned once by concurrent calls to %s", async (kind) => {
    serveByRules(faults(), [
      { offends: hasTools, status: 400, body: errorBody(kind, 400, "It does not support tools") },
    ]);
    const learned: string[] = [];
    const book = createConcessionBook((message) => learned.push(message));
    const endpoint = { kind, baseUrl: faults().url, model: "llama4" };
    const one = backendOf(kind, faults().url, { ledger: book.of(endpoint) });
    const all = await Promise.all(Array.from({ length: 8 }, () => ask(one, review)));
    expect(all.map((events) => said(events))).toEqual(Array.from({ length: 8 }, () => "ok"));
    expect(learned).toEqual([`${kind}/llama4 takes no tools: its votes are asked for as JSON.`]);
    expect(book.describe(endpoint)).toEqual(["takes no tools: its votes are asked for as JSON"]);
  });

  test.each(KINDS)("concessions hold for one model at one endpoint, as %s learns them", (kind) => {
    const book = createConcessionBook();
    const here = { kind, baseUrl: "http://a/v1/", model: "m" };
    book.of(here).learn({ kind: "feature", feature: "tools" });
    expect(book.describe({ ...here, baseUrl: "http://a/v1" })).toHaveLength(1);
    expect(book.describe({ ...here, model: "n" })).toEqual([]);
    expect(book.describe({ ...here, baseUrl: "http://b/v1" })).toEqual([]);
  });

  test.each(KINDS)(
    "concessions end when nothing that %s could leave out explains the refusal",
    async (kind) => {
      faults().serve(() => ({
        type: "raw",
        status: 400,
        body: errorBody(kind, 400, "It does not support tools"),
      }));
      const one = backendOf(kind, faults().url);
      expect((await failure(one, review)).failure).toBe("bad_request");
      expect(faults().requests.length).toBeLessThanOrEqual(4);
    },
  );

  const UNSUPPORTED = "llama4 does not support tools";
  const SUCCESS: readonly (readonly [string, (kind: Kind) => Scene])[] = [
    [
      "as the whole body",
      (kind) => ({
        type: "raw",
        headers: { "content-type": "application/json" },
        body: errorBody(kind, 400, UNSUPPORTED),
      }),
    ],
    [
      "as an event of the stream",
      (kind) => ({ type: "raw", body: `data: ${errorBody(kind, 400, UNSUPPORTED)}\n\n` }),
    ],
    [
      "as a named event after signs of life",
      (kind) => ({
        type: "raw",
        body: `: keep-alive\n\nevent: error\ndata: ${errorBody(kind, 400, UNSUPPORTED)}\n\n`,
      }),
    ],
    [
      "as a bare message",
      () => ({ type: "raw", body: JSON.stringify({ error: { message: UNSUPPORTED } }) }),
    ],
    ["as a flat string", () => ({ type: "raw", body: JSON.stringify({ error: UNSUPPORTED }) })],
  ];

  test.each(SUCCESS.flatMap(([how, scene]) => KINDS.map((kind) => ({ how, scene, kind }))))(
    "concessions answer an error that comes from $kind with status 200, $how",
    async ({ kind, scene }) => {
      faults().serve((request) =>
        hasTools(request) ? scene(kind) : { type: "answer", reply: { text: "ok" } },
      );
      const ledger = createLedger();
      const one = backendOf(kind, faults().url, { ledger });
      expect(said(await ask(one, review))).toBe("ok");
      expect(said(await ask(one, review))).toBe("ok");
      expect(faults().requests.map(hasTools)).toEqual([true, false, false]);
      expect(ledger.known()).toEqual([{ kind: "feature", feature: "tools" }]);
    },
  );
});

/** Whole replies, as servers send them that cannot stream. */
const WHOLE: Readonly<Record<Kind, unknown>> = {
  openai: {
    object: "response",
    status: "completed",
    output: [{ type: "message", content: [{ type: "output_text", text: "ok" }] }],
  },
  compatible: {
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }],
  },
  anthropic: {
    type: "message",
    role: "assistant",
    content: [{ type: "text", text: "ok" }],
    stop_reason: "end_turn",
  },
  gemini: { candidates: [{ content: { parts: [{ text: "ok" }] }, finishReason: "STOP" }] },
};

describe("a server that cannot stream", () => {
  const faults = useModelFaults();

  test.each(KINDS)("%s asks a server that cannot stream for whole replies", async (kind) => {
    const headers = { "content-type": "application/json" };
    faults().serve((request) =>
      streams(request)
        ? {
            type: "raw",
            status: 400,
            headers,
            body: errorBody(kind, 400, "The model is unsupported for streaming."),
          }
        : { type: "raw", headers, body: JSON.stringify(WHOLE[kind]) },
    );
    const one = backendOf(kind, faults().url);
    expect(said(await ask(one))).toBe("ok");
    expect(said(await ask(one))).toBe("ok");
    expect(faults().requests.map(streams)).toEqual([true, false, false]);
  });
});

describe("a PDF for a model that takes none", () => {
  const faults = useModelFaults();
  const asking = (data: Uint8Array) => ({
    messages: [
      {
        role: "user" as const,
        parts: [
          {
            ...file("fees.pdf", "application/pdf"),
            data,
            enclose: (text: string) => `<fenced>${text}</fenced>`,
          },
        ],
      },
    ],
  });
  const serve = (kind: Kind) =>
    serveByRules(faults(), [
      {
        offends: hasDocuments,
        status: 400,
        body: errorBody(kind, 400, "content type 'file' is not supported"),
      },
    ]);

  test.each(KINDS)("a PDF goes to %s as its text, fenced, and people are told", async (kind) => {
    serve(kind);
    const events = await ask(
      backendOf(kind, faults().url),
      asking(samplePdf("The fee is 42 euros")),
    );
    expect(faults().requests.at(-1)?.raw).toContain("<fenced>The fee is 42 euros</fenced>");
    expect(events.find(({ type }) => type === "left_out")).toMatchObject({
      files: [{ file: "fees.pdf", why: "only its text was read" }],
    });
  });

  test.each(KINDS)("a PDF without any text is left out at %s with a note", async (kind) => {
    serve(kind);
    const events = await ask(backendOf(kind, faults().url), asking(samplePdf("")));
    expect(said(events)).toBe("ok");
    expect(faults().requests.at(-1)?.raw).toContain("File left out: fees.pdf");
    expect(events.find(({ type }) => type === "left_out")).toMatchObject({
      files: [{ why: "this model reads no such files, and it contains no text, only pictures" }],
    });
  });
});
