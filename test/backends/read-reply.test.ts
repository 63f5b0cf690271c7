import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../support/property-runs.ts";
import { readReply, type Sent } from "../../src/backends/read-reply.ts";

const target = {
  name: "Models",
  model: "m",
  baseUrl: "http://127.0.0.1/v1",
  keyVariables: undefined,
  secrets: [],
};

/** What is read from a body that arrives in these chunks. */
async function read(chunks: readonly (string | Uint8Array)[], type = "text/event-stream") {
  const bytes = chunks.map((one) =>
    typeof one === "string" ? new TextEncoder().encode(one) : one,
  );
  const response = new Response(ReadableStream.from(bytes), { headers: { "content-type": type } });
  const sent: Sent[] = [];
  await readAll(response, sent);
  return sent;
}

async function readAll(response: Response, sent: Sent[]): Promise<void> {
  const reply = readReply(response, target);
  for (let batch = await reply.next(); batch; batch = await reply.next()) sent.push(...batch);
}
const valuesOf = async (...chunks: readonly string[]) =>
  (await read(chunks)).flatMap(({ value }) => (value === null ? [] : [value]));

describe("a reply as server-sent events", () => {
  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("events are read with %s at the ends of lines", async (_, end) => {
    const body = [`event: a`, `data: {"n":1}`, ``, `data: {"n":2}`, ``, ``].join(end);
    const sent = await read([body]);
    expect(sent.filter(({ value }) => value !== null)).toEqual([
      { event: "a", value: { n: 1 } },
      { event: null, value: { n: 2 } },
    ]);
  });

  test("property: the same values are read wherever the network cuts a stream, even within a character", async () => {
    const values = fc.array(fc.record({ text: fc.string({ unit: "binary" }) }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        async (said, sizes) => {
          const body = said.map((value) => `: ping\ndata: ${JSON.stringify(value)}\n\n`).join("");
          const bytes = new TextEncoder().encode(body);
          const chunks: Uint8Array[] = [];
          for (let at = 0; at < bytes.length;) {
            const size = sizes.next().value ?? 1;
            chunks.push(bytes.slice(at, at + size));
            at += size;
          }
          const sent = await read(chunks);
          const kept = sent.filter(({ value }) => value !== null).map(({ value }) => value);
          expect(kept).toEqual(said.map((value) => JSON.parse(JSON.stringify(value)) as unknown));
        },
      ),
      { numRuns: propertyRuns(50) },
    );
  });

  test("a comment, a ping and words that are not data are signs of life", async () => {
    const sent = await read([": keep-alive\n", 'data: {"n":1}\n\n', "data: ping\n\n", "data:\n\n"]);
    expect(sent.map(({ value }) => value)).toEqual([null, { n: 1 }, null, null]);
  });

  test.each([
    ["a last event without its blank line", ['data: {"n":1}']],
    ["events that one newline separates", ['data: {"n":1}\ndata: [DONE]\n']],
    ["no blank after the colon", ['data:{"n":1}\n\n']],
    ["a byte order mark", ['\ufeffdata: {"n":1}\n\n']],
    ["blank lines before the first event", ["\n", "\n\n", 'data: {"n":1}\n\n']],
    ["data over several lines", ['data: {\ndata: "n":1}\n\n']],
    ["an id and a retry", ['id: 7\nretry: 10\ndata: {"n":1}\n\n']],
    ["more after [DONE]", ['data: {"n":1}\n\ndata: [DONE]\n\ndata: {"n":2}\n\n']],
    ["one JSON body", ['{"n":', "1}"]],
    ["a JSON array", ['[{"n":1}\n]']],
    ["bare lines of JSON", ['{"n":1}\n[DONE]\n']],
  ])("a reply is read with %s", async (_, chunks) => {
    expect(await valuesOf(...chunks)).toEqual([{ n: 1 }]);
  });

  test("a reply is read as events whatever its content type says", async () => {
    for (const type of ["application/json", "text/plain", "application/octet-stream"]) {
      const sent = await read(['data: {"n":1}\n\n'], type);
      expect(sent).toEqual([{ event: null, value: { n: 1 } }]);
    }
  });

  test.each([
    ["in a line of its own", 'error: {"message":"busy"}\n\n'],
    ["as words", "event: error\ndata: busy\n\n"],
    ["as bare JSON within the stream", '{"error":{"message":"busy"}}\n'],
  ])("what came before an error %s is handed on", async (_, line) => {
    const bytes = new TextEncoder().encode(`data: {"n":1}\n\n${line}`);
    const sent: Sent[] = [];
    const reading = readAll(new Response(bytes), sent);
    await expect(reading).rejects.toThrow("Models: busy");
    expect(sent).toContainEqual({ event: null, value: { n: 1 } });
  });

  test.each([
    ["a web page", "<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"],
    ["plain words", "upstream connect error", "upstream connect error"],
    ["broken JSON", '{"n":', "not valid JSON"],
    ["a broken event", 'data: {"n":\n\n', "not valid JSON"],
  ])("a reply that is %s is an error that says so", async (_, body, words) => {
    await expect(read([body])).rejects.toThrow(words);
  });
});
