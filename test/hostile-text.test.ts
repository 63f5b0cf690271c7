import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measureGrowth, MOST_GROWTH } from "./support/growth.ts";
import { HOSTILE, hostileMix } from "./support/hostile-text.ts";
import { READERS } from "./support/outside-text.ts";

/** A full run takes longer texts, and each of them: `HOSTILE_SCALE=4 npx vitest run --dir test hostile-text`. */
const SCALE = Number(process.env["HOSTILE_SCALE"] ?? 1);
/** Characters of the shorter text. */
const LENGTHS = { "lays out": 2_000 * SCALE, reads: 8_000 * SCALE } as const;
/** Laying out takes long: in a quick run each function is given one in so many kinds, the next function the next ones. */
const SHARES = { "lays out": SCALE === 1 ? 12 : 1, reads: 1 } as const;

describe.each(["lays out", "reads"] as const)(
  "whatever the text, Parley %s it in time linear in its length",
  (kind) => {
    const readers = Object.entries(READERS[kind]).map(([name, run], at) => ({ name, run, at }));
    test.each(readers)("$name", ({ run, at }) => {
      const share = SHARES[kind];
      const grown = Object.entries(HOSTILE)
        .filter((_, index) => index % share === at % share)
        .flatMap(([name, make]) => {
          const { once, twice, ratio } = measureGrowth(run, make, LENGTHS[kind]);
          const shown = `${name}: ${once.toFixed(1)} ms, then ${twice.toFixed(1)} ms`;
          return ratio <= MOST_GROWTH ? [] : [shown];
        });
      expect(grown).toEqual([]);
    });
  },
);

const EVERYONE = Object.values(READERS).flatMap((readers) => Object.entries(readers));

test("no kind of hostile text makes anything throw", () => {
  for (const make of Object.values(HOSTILE)) {
    const text = make(300);
    for (const [, read] of EVERYONE) read(text);
  }
});

test("property: no mix of hostile texts makes anything throw", () => {
  fc.assert(
    fc.property(hostileMix(300), (text) => {
      for (const [, read] of EVERYONE) read(text);
    }),
    { numRuns: 10 * SCALE },
  );
});
