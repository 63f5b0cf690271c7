import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measureGrowth } from "./support/growth.ts";
import { HOSTILE, hostileMix } from "./support/hostile-text.ts";
import { READERS } from "./support/outside-text.ts";

/** How much longer the texts are than in a quick run: `HOSTILE_SCALE=8 npx vitest run --dir test hostile-text`. */
const SCALE = Number(process.env["HOSTILE_SCALE"] ?? 1);
/** Characters of the shorter text: laying out takes some 10 µs for each, reading next to nothing. */
const LENGTHS = { "lays out": 2_000 * SCALE, reads: 8_000 * SCALE } as const;
/** Time for a text of twice the length may grow by so much. */
const MOST_GROWTH = 2.5;

describe.each(["lays out", "reads"] as const)(
  "whatever the text, Parley %s it in time linear in its length",
  (kind) => {
    test.each(Object.entries(READERS[kind]))("%s", (_, run) => {
      const grown = Object.entries(HOSTILE).flatMap(([name, make]) => {
        const { once, twice, ratio } = measureGrowth(run, make, {
          length: LENGTHS[kind],
          most: MOST_GROWTH,
        });
        return ratio <= MOST_GROWTH
          ? []
          : [`${name}: ${once.toFixed(1)} ms, then ${twice.toFixed(1)} ms`];
      });
      expect(grown).toEqual([]);
    });
  },
);

test("property: no mix of hostile texts makes any of them throw", () => {
  const readers = Object.values(READERS).flatMap((group) => Object.values(group));
  fc.assert(
    fc.property(hostileMix(400), (text) => {
      for (const read of readers) read(text);
    }),
    { numRuns: 20 * SCALE },
  );
});
