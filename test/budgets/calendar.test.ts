import { expect, test } from "vitest";
import { createCalendar } from "../../src/budgets/calendar.ts";

const at = (iso: string) => Date.parse(iso);
const dayIn = (timeZone: string, iso: string) => {
  const { name, endsAt } = createCalendar(timeZone).periodAt("day", at(iso));
  return [name, new Date(endsAt).toISOString()];
};

test.each([
  ["UTC", "2026-11-28T19:00:00Z", "day:2026-11-28", "2026-11-29T00:00:00.000Z"],
  ["UTC", "2026-11-29T00:00:00Z", "day:2026-11-29", "2026-11-30T00:00:00.000Z"],
  ["Europe/Berlin", "2026-11-28T23:30:00Z", "day:2026-11-29", "2026-11-29T23:00:00.000Z"],
  ["America/Los_Angeles", "2026-11-28T07:59:59Z", "day:2026-11-27", "2026-11-28T08:00:00.000Z"],
  ["Asia/Kolkata", "2026-11-28T18:29:00Z", "day:2026-11-28", "2026-11-28T18:30:00.000Z"],
])("in %s, %s is of %s", (timeZone, now, name, endsAt) => {
  expect(dayIn(timeZone, now)).toEqual([name, endsAt]);
});

test("the day on which clocks go back has 25 hours, the one on which they go forward 23", () => {
  expect(dayIn("Europe/Berlin", "2026-10-25T01:30:00Z")[1]).toBe("2026-10-25T23:00:00.000Z");
  expect(dayIn("Europe/Berlin", "2026-03-29T00:30:00Z")[1]).toBe("2026-03-29T22:00:00.000Z");
});

test("one calendar gives the right period for times in any order", () => {
  const calendar = createCalendar("UTC");
  const names = ["2026-11-28T10:00:00Z", "2026-11-29T10:00:00Z", "2026-11-28T09:00:00Z"].map(
    (iso) => calendar.periodAt("day", at(iso)).name,
  );
  expect(names).toEqual(["day:2026-11-28", "day:2026-11-29", "day:2026-11-28"]);
});

test("minutes and hours do not depend on the time zone", () => {
  const calendar = createCalendar("UTC");
  const now = at("2026-11-28T10:20:30Z");
  const ends = (["minute", "hour"] as const).map((span) => calendar.periodAt(span, now).endsAt);
  expect(ends).toEqual([at("2026-11-28T10:21:00Z"), at("2026-11-28T11:00:00Z")]);
});

test("times are formatted in the time zone, with its name", () => {
  expect(createCalendar("UTC").formatTime(at("2026-11-29T00:00:00Z"))).toBe("00:00 UTC");
  expect(createCalendar("Europe/Berlin").formatTime(at("2026-07-01T22:00:00Z"))).toBe("00:00 CEST");
});

test("an unknown time zone is an error", () => {
  expect(() => createCalendar("Mars/Olympus")).toThrow(RangeError);
});
