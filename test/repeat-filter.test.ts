import { expect, it } from "vitest";
import { createRepeatFilter } from "../src/repeat-filter.ts";

const filter = (time: { now: number }, max = 10) =>
  createRepeatFilter({ periodMs: 100, max, now: () => time.now });

it("lets a text through once per period, and says how often it was held back", () => {
  const time = { now: 0 };
  const repeated = filter(time);
  expect(repeated("gone")).toBe(0);
  expect([repeated("gone"), repeated("gone")]).toEqual([undefined, undefined]);
  expect(repeated("back")).toBe(0);
  time.now = 100;
  expect(repeated("gone")).toBe(2);
  expect(repeated("gone")).toBeUndefined();
});

it("remembers a limited number of texts, and forgets the oldest", () => {
  const repeated = filter({ now: 0 }, 2);
  for (const text of ["one", "two", "three"]) repeated(text);
  expect(["three", "two", "one"].map(repeated)).toEqual([undefined, undefined, 0]);
});
