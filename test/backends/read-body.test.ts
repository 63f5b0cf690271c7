import { expect, test } from "vitest";
import { readBody } from "../../src/backends/read-body.ts";

/** Longer than any test. */
const NEVER_MS = 3_600_000;

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (chunks: readonly Uint8Array[] | null) =>
  chunks?.map((chunk) => new TextDecoder().decode(chunk)).join("") ?? null;

/** A body that the test writes. */
function openBody(gapMs?: number) {
  const written = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
  const seen = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => written.resolve(controller),
    cancel: () => void (seen.cancelled = true),
  });
  const body = readBody(stream, gapMs);
  const next = async () => textOf(await body.next());
  return { written: written.promise, seen, body, next };
}

test("the first chunk comes at once, those behind it come together", async () => {
  const { written, next } = openBody();
  const server = await written;
  server.enqueue(bytes("It "));
  expect(await next()).toBe("It ");
  for (const piece of ["is ", "forty-", "two."]) server.enqueue(bytes(piece));
  expect(await next()).toBe("is forty-two.");
  server.close();
  expect(await next()).toBeNull();
});

test.each([
  "data: [DONE]",
  '"finish_reason":"stop"',
  '"finishReason": "STOP"',
  '"stop_reason":"end_turn"',
  "event: message_stop",
  "event: response.completed",
  '"done":true',
  "event: error",
])("a chunk with %j comes at once, though the server keeps the connection open", async (last) => {
  const { written, next, body } = openBody(NEVER_MS);
  const server = await written;
  server.enqueue(bytes("It is "));
  expect(await next()).toBe("It is ");
  server.enqueue(bytes("42."));
  server.enqueue(bytes(last));
  expect(await next()).toBe(`42.${last}`);
  body.close(true);
});

test("what breaks the connection comes behind what it had brought", async () => {
  const { written, next } = openBody();
  const server = await written;
  server.enqueue(bytes("It is "));
  expect(await next()).toBe("It is ");
  server.enqueue(bytes("forty-"));
  const got = await next();
  server.error(new Error("the connection broke"));
  expect(got).toBe("forty-");
  await expect(next()).rejects.toThrow("the connection broke");
});

test("reading stops while its reader is far behind", async () => {
  let pulls = 0;
  const body = readBody(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        if (pulls === 100) controller.close();
        else controller.enqueue(new Uint8Array(16 * 1024));
      },
    }),
  );
  await body.next();
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
  expect(pulls).toBeLessThan(20);
  let size = 0;
  for (let chunks = await body.next(); chunks; chunks = await body.next()) size += chunks.length;
  expect(pulls).toBe(100);
  expect(size).toBeGreaterThan(80);
});

test("a body that is left is cancelled, and a complete one read to its end", async () => {
  const left = openBody();
  await left.written;
  left.body.close(false);
  await expect.poll(() => left.seen.cancelled).toBe(true);
  const complete = openBody();
  const server = await complete.written;
  complete.body.close(true);
  server.enqueue(bytes("\n"));
  server.close();
  expect(complete.seen.cancelled).toBe(false);
});
