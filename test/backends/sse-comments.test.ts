import { afterEach, describe, expect, test, vi } from "vitest";
import { fetchShowingComments } from "../../src/backends/sse-comments.ts";

describe("comments in an event stream", () => {
  afterEach(() => vi.unstubAllGlobals());
  /** What comes out of a stream that arrives in these chunks. */
  const read = async (chunks: readonly string[], contentType = "text/event-stream") => {
    const body = ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
    const headers = { "content-type": contentType };
    vi.stubGlobal("fetch", async () => new Response(body, { headers }));
    return (await fetchShowingComments("http://127.0.0.1/")).text();
  };

  test("between events become events without content", async () => {
    const shown = await read([": hello\n\ndata: 1\n\n: again\n\n"]);
    expect(shown).toBe("data: {}\n\n: hello\n\ndata: 1\n\ndata: {}\n\n: again\n\n");
  });

  test("are found wherever the network cuts the stream", async () => {
    const shown = await read(Array.from("data: 1\r\n\r\n: a\r\n\r\n"));
    expect(shown).toBe("data: 1\r\n\r\ndata: {}\n\n: a\r\n\r\n");
  });

  test("within an event are left alone, as are colons in data", async () => {
    const stream = 'event: x\n: note\ndata: {"a": ": b"}\n\n';
    expect(await read([stream])).toBe(stream);
  });

  test("are not looked for in what is no event stream", async () => {
    expect(await read([": text"], "text/plain")).toBe(": text");
  });
});
