import { expect, test } from "vitest";
import type { BackendEvent } from "../../src/backends/backend.ts";
import { inPieces } from "../../src/backends/in-pieces.ts";

const text = (words: string): BackendEvent => ({ type: "text", text: words });
const thinking = (words: string): BackendEvent => ({ type: "thinking", text: words });
const alive: BackendEvent = { type: "alive" };
const usage = { input: 5, cached: 0, cacheWritten: 0, output: 1 };

/** Gives these reads one after another without any wait, then ends or fails. */
function reads(batches: readonly (readonly BackendEvent[])[], failure?: Error) {
  const left = [...batches];
  const read = async () => {
    const next = left.shift() ?? null;
    if (!next && failure) throw failure;
    return next;
  };
  return { read, left };
}

/** What comes of events that one network read brought. */
const all = async (events: readonly BackendEvent[]): Promise<BackendEvent[]> =>
  (await Array.fromAsync(inPieces(reads([events]).read))).flat();

test("pieces of a text that come at once become one piece", async () => {
  expect(await all([text("It "), text("is "), text("42.")])).toEqual([text("It is 42.")]);
});

test("thoughts, text and calls stay apart, in their order", async () => {
  const call: BackendEvent = { type: "tool_call", name: "vote", arguments: "{}" };
  const events = [thinking("Hm"), thinking("m."), text("4"), text("2"), call, text("!")];
  expect(await all(events)).toEqual([thinking("Hmm."), text("42"), call, text("!")]);
});

test("signs of life add up what they tell, and say nothing behind another event", async () => {
  const written = (words: string): BackendEvent => ({ type: "alive", written: words });
  const signs = [alive, alive, written('{"a"'), written(":1}"), { type: "alive", usage } as const];
  expect(await all(signs)).toEqual([{ type: "alive", usage, written: '{"a":1}' }]);
  expect(await all([text("42"), alive])).toEqual([text("42")]);
});

test("the first piece comes at once, and what comes behind it waits for no more", async () => {
  const gate = Promise.withResolvers<null>();
  const left = [[text("It ")], [text("is ")], [text("42.")]];
  const read = async () => left.shift() ?? gate.promise;
  const pieces = inPieces(read);
  expect(await pieces.next()).toMatchObject({ value: [{ type: "text" }] });
  // The server says no more: its last words show all the same.
  expect(await pieces.next()).toMatchObject({ done: false });
  gate.resolve(null);
  expect(await pieces.next()).toMatchObject({ done: true });
});

test("a failure comes behind what came before it", async () => {
  const failure = new Error("the connection broke");
  const got: BackendEvent[] = [];
  const reading = (async () => {
    for await (const batch of inPieces(reads([[text("It is ")], [text("forty-")]], failure).read)) {
      got.push(...batch);
    }
  })();
  await expect(reading).rejects.toBe(failure);
  expect(got.map((event) => (event.type === "text" ? event.text : "")).join("")).toBe(
    "It is forty-",
  );
});

test("reading stops while its reader is far behind", async () => {
  const batch = Array.from({ length: 1_000 }, () => text("a"));
  const { read, left } = reads(Array.from({ length: 20 }, () => batch));
  const pieces = inPieces(read);
  await pieces.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(left.length).toBeGreaterThan(10);
  const rest = (await Array.fromAsync(pieces)).flat();
  expect(rest.every(({ type }) => type === "text")).toBe(true);
  expect(left).toHaveLength(0);
});

test("a burst leaves the event loop to others", async () => {
  let count = 100_000;
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  for await (const _ of inPieces(async () => (count-- > 0 ? [text("a")] : null)));
  clearInterval(others);
  expect(turns).toBeGreaterThanOrEqual(2);
});
