import fc from "fast-check";
import { expect, it, test } from "vitest";
import { finish } from "../../src/slices.ts";
import { learnLevels } from "../../src/track-records/learn-levels.ts";
import { skillsOf } from "../../src/track-records/skills-of.ts";
import type { MarkedRecord } from "../../src/track-records/turn-record.ts";
import { propertyRuns } from "../support/property-runs.ts";

const RUNS = propertyRuns(200);
const nothing = () => 0;

const turn = (
  results: readonly (readonly string[])[],
  more: Partial<MarkedRecord> = {},
): MarkedRecord => ({
  results: results.map((models) => [...models]),
  posted: 0,
  reads: [],
  marks: 0,
  ...more,
});
const times = (count: number, one: MarkedRecord) => Array.from({ length: count }, () => one);
const levelsOf = (records: readonly MarkedRecord[], prior: (model: string) => number = nothing) =>
  Object.fromEntries(finish(learnLevels(records, prior)).map((level) => [level.model, level]));

it("learns that a model which agrees with others is abler than one that stands alone", () => {
  const { ada, ben, cleo } = levelsOf(times(100, turn([["ada", "ben"], ["cleo"]])));
  expect(ada?.level).toBeCloseTo(ben?.level ?? 0);
  expect((ada?.level ?? 0) - (cleo?.level ?? 0)).toBeGreaterThan(1);
});

it("learns nothing from turns in which all agree, or nobody does", () => {
  const silent = [turn([["ada", "ben", "cleo"]]), turn([["ada"], ["ben"], ["cleo"]])];
  expect(levelsOf(silent)).toEqual({});
  const told = turn([["ada", "ben"], ["cleo"]]);
  expect(levelsOf([told, ...silent])["ada"]).toEqual(levelsOf([told])["ada"]);
});

it("takes a mark as a bounded hint about the posted result, however many people give one", () => {
  const split = [["ada", "ben"], ["cleo"]];
  const levelOf = (marks: number) =>
    levelsOf(times(20, turn(split, { posted: 1, marks })))["cleo"]?.level ?? 0;
  expect(levelOf(1)).toBeGreaterThan(levelOf(0));
  expect(levelOf(-1)).toBeLessThan(levelOf(0));
  expect(levelOf(50)).toBe(levelOf(1));
});

it("listens to what reviewers and people say of each result, by their weight", () => {
  const split = [["ada", "ben"], ["cleo"]];
  const read = (model: string | null, weight: number, favours: (number | null)[]) => ({
    model,
    weight,
    favours,
  });
  const levelOf = (reads: MarkedRecord["reads"]) =>
    levelsOf(times(40, turn(split, { reads })))["cleo"]?.level ?? 0;
  const for_ = read("ada", 1, [-2, 2]);
  expect(levelOf([for_])).toBeGreaterThan(levelOf([]));
  expect(levelOf([for_, read(null, 3, [2, -2])])).toBeLessThan(levelOf([for_]));
  expect(levelOf([read("ada", 1, [null, null])])).toBe(levelOf([]));
});

it("remembers the last 400 turns", () => {
  const old = times(300, turn([["ada", "ben"], ["cleo"]]));
  const recent = times(400, turn([["cleo", "ben"], ["ada"]]));
  expect(levelsOf([...old, ...recent])).toEqual(levelsOf(recent));
});

it("is surer of a model the more turns tell of it", () => {
  const halfAfter = (count: number) =>
    levelsOf(times(count, turn([["ada", "ben"], ["cleo"]])))["ada"]?.half ?? 0;
  expect(halfAfter(200)).toBeLessThan(halfAfter(20));
  expect(halfAfter(20)).toBeGreaterThan(0.3);
});

it("begins with what is known of the models, and lets turns outweigh it", () => {
  const prior = (model: string) => (model === "cleo" ? 1 : 0);
  const few = levelsOf(times(2, turn([["ada", "ben"], ["cleo"]])), prior);
  expect(few["cleo"]?.level).toBeGreaterThan(few["ada"]?.level ?? 9);
  const many = levelsOf(times(200, turn([["ada", "ben"], ["cleo"]])), prior);
  expect(many["cleo"]?.level).toBeLessThan(many["ada"]?.level ?? -9);
});

it("gives a model without turns its prior, and a team without any knowledge none", () => {
  const models = ["ada", "ben", "cleo"];
  expect(skillsOf(models, [], nothing)).toEqual([0, 0, 0]);
  const [ada = 0, ben = 0] = skillsOf(models, [], (model) => (model === "ada" ? 0.6 : 0));
  expect(ada).toBeCloseTo(0.4);
  expect(ben).toBeCloseTo(-0.2);
});

it("takes no differences for skill that are no larger than their errors", () => {
  const models = ["ada", "ben", "cleo"];
  const known = (spread: number) =>
    models.map((model, at) => ({ model, level: spread * (at - 1), half: 0.6 }));
  expect(skillsOf(models, known(0.2), nothing)).toEqual([0, 0, 0]);
  const [first = 0, , last = 0] = skillsOf(models, known(0.7), nothing);
  expect(first).toBeLessThan(-0.4);
  expect(last).toBeGreaterThan(0.4);
});

it("counts track records double where one agent stands out", () => {
  const models = ["ada", "ben", "cleo"];
  const leadOf = (lead: number) => {
    const [ada = 0, ben = 0] = skillsOf(models, [], (model) => (model === "ada" ? lead : 0));
    return ada - ben;
  };
  expect(leadOf(0.7)).toBeCloseTo(0.7);
  expect(leadOf(0.9)).toBeCloseTo(1.8);
});

test(`no track record is below −1.5 or above 3, over ${RUNS} teams`, () => {
  const level = fc.double({ min: -9, max: 9, noNaN: true });
  const half = fc.double({ min: 0.1, max: 2, noNaN: true });
  const team = fc.array(fc.record({ level, half, prior: level }), { minLength: 2, maxLength: 7 });
  fc.assert(
    fc.property(team, (seats) => {
      const models = seats.map((_, at) => `m${at}`);
      const known = seats.map((seat, at) => ({ ...seat, model: `m${at}` }));
      const prior = (model: string) => seats[Number(model.slice(1))]?.prior ?? 0;
      for (const skill of skillsOf(models, known, prior)) {
        expect(skill).toBeGreaterThanOrEqual(-1.5);
        expect(skill).toBeLessThanOrEqual(3);
      }
    }),
    { numRuns: RUNS },
  );
});
