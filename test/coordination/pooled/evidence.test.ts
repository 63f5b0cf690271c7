import fc from "fast-check";
import { expect, it, test } from "vitest";
import { normaliseClaim } from "../../../src/coordination/pooled/claims.ts";
import {
  evidenceOf,
  MOST_EVIDENCE,
  meanEvidence,
  readerWeight,
} from "../../../src/coordination/pooled/evidence.ts";
import { AgentId } from "../../../src/ids.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const RUNS = propertyRuns(500);
const ballot = fc.constantFrom("score" as const, "chance" as const);
const scores = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), {
  minLength: 2,
  maxLength: 6,
});
const asRecord = (values: readonly number[]) =>
  Object.fromEntries(values.map((value, at) => [`r${at}`, value]));
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

test(`one ballot moves no answer by more than ${MOST_EVIDENCE}, over ${RUNS} ballots`, () => {
  fc.assert(
    fc.property(scores, ballot, (given, kind) => {
      for (const value of Object.values(evidenceOf(asRecord(given), kind))) {
        expect(Math.abs(value)).toBeLessThanOrEqual(MOST_EVIDENCE);
      }
    }),
    { numRuns: RUNS },
  );
});

test(`a higher score whose evidence is within the bound never lowers its answer's result against another one, over ${RUNS} ballots`, () => {
  const rise = fc.double({ min: 0, max: 10, noNaN: true });
  fc.assert(
    fc.property(scores, ballot, rise, fc.nat(4), (given, kind, higher, more) => {
      // The result of the first answer, which others may share; the last answer stands for another result.
      const group = given.slice(0, 1 + (more % (given.length - 1))).map((_, at) => `r${at}`);
      const leadIn = (values: readonly number[]) => {
        const evidence = evidenceOf(asRecord(values), kind);
        const own = mean(group.map((id) => evidence[id] ?? 0));
        return { first: evidence["r0"] ?? 0, lead: own - (evidence[`r${values.length - 1}`] ?? 0) };
      };
      const [first = 0, ...rest] = given;
      const after = leadIn([Math.max(first, higher), ...rest]);
      if (after.first >= MOST_EVIDENCE) return;
      expect(after.lead).toBeGreaterThanOrEqual(leadIn(given).lead - 1e-9);
    }),
    { numRuns: RUNS },
  );
});

it("lets no reviewer count more than three times, or less than a quarter, of another without a record", () => {
  expect([-9, -1.5, 0, 1.5, 9].map(readerWeight)).toEqual([
    0.25,
    Math.exp(-0.75),
    1,
    Math.exp(0.75),
    3,
  ]);
});

it("gives nobody a veto: one reviewer at its worst is outweighed by two at half of that", () => {
  const reading = (id: string, sum: number) => ({
    reviewer: AgentId.parse(id),
    weight: 1,
    sum,
    reads: 1,
  });
  const readings = [reading("ada", -MOST_EVIDENCE), reading("ben", 1.2), reading("cleo", 1.2)];
  expect(meanEvidence({ readings, people: { sum: 0, weight: 0 } })).toBeGreaterThan(0);
});

it("takes claims for equal that differ only in how they are written", () => {
  const same = [
    ["1,200.0", "1200", "+1200", "**1,200**", " 1200. "],
    ["Yes", "yes.", "“yes”", "YES"],
    ["−5 °C", "-5 °C"],
    ["New  York", "new york"],
    ["$42", "$42.00"],
  ];
  for (const claims of same) expect(new Set(claims.map(normaliseClaim)).size, claims[0]).toBe(1);
});

it("takes different claims for different, and open ones for none", () => {
  const different = ["7", "-7", "7.5", "75", "7 %", "seven", "1.200,5", "10:30", "x1", "0.7"];
  expect(new Set(different.map(normaliseClaim)).size).toBe(different.length);
  for (const open of ["open", "Open.", "**open**", "", " ", "n/a", "none", "-"]) {
    expect(normaliseClaim(open), open).toBeNull();
  }
});
