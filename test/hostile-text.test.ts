import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { HOSTILE, hostileMix } from "./support/hostile-text.ts";
import { READERS } from "./support/outside-text.ts";
import { startWatchedWorker } from "./support/watched-worker.ts";

/** A full run takes longer texts, and each of them: `HOSTILE_SCALE=4 npx vitest run --dir test hostile-text`. */
const SCALE = Number(process.env["HOSTILE_SCALE"] ?? 1);
/** Characters of the shorter text. */
const LENGTHS = { "lays out": 2_000 * SCALE, reads: 8_000 * SCALE } as const;
/** Laying out takes long: in a quick run each function is given one in so many kinds, the next function the next ones. */
const SHARES = { "lays out": SCALE === 1 ? 16 : 1, reads: 1 } as const;
/** Kinds beside what switches on another path: others for each function. */
const PAIRS = { "lays out": 4 * SCALE, reads: 12 * SCALE } as const;

const worker = startWatchedWorker();
afterAll(() => worker.stop());

describe.each(["lays out", "reads"] as const)(
  "whatever the text, Parley %s it in time linear in its length",
  (kind) => {
    const readers = Object.keys(READERS[kind]).map((reader, at) => ({ reader, at }));
    test.each(readers)("$reader", { timeout: 600_000 }, async ({ reader, at }) => {
      const measured = { length: LENGTHS[kind], share: SHARES[kind], pairs: PAIRS[kind] };
      expect(await worker.problems({ type: "grow", reader, at, ...measured })).toEqual([]);
    });
  },
);

test("no kind of hostile text makes anything throw", { timeout: 600_000 }, async () => {
  for (const make of Object.values(HOSTILE)) {
    expect(await worker.problems({ type: "read", text: make(300) })).toEqual([]);
  }
});

test("property: no mix of hostile texts makes anything throw", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(hostileMix(300), async (text) => {
      expect(await worker.problems({ type: "read", text })).toEqual([]);
    }),
    { numRuns: 10 * SCALE, endOnFailure: true },
  );
});

test("a reader that never ends fails its test, which names the reader and the text", async () => {
  const endless = new URL("./support/endless-worker.ts", import.meta.url);
  const watched = startWatchedWorker(endless, 500);
  expect(await watched.problems({ type: "read", text: "" })).toEqual([
    "It never ended: “reads for ever”, of a text",
  ]);
});
