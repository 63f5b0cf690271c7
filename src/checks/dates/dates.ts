import type { Finding } from "../../coordination/check-result.ts";
import { inSlices, type Steps } from "../../slices.ts";
import type { Check } from "../check.ts";
import { isSupposed, proseLines, speaksOfMistakes } from "../prose.ts";
import { statementsIn } from "./statements.ts";

const LONGEST_LINE = 2_000;
/** Calendars in which the days are others. */
const OTHER_CALENDAR =
  /\b(?:julian|old style|o\.s\.|hebrew|jewish|islamic|hijri|lunar|chinese|persian|fiscal|4-4-5|business days?|working days?|excel|lotus|spreadsheets?|fictional|novel|sci-fi)\b/i;

/** Looks dates up in the calendar: weekdays, days between two dates, leap years. */
export const DATES: Check = {
  name: "dates",
  run: ({ text }) => inSlices(reading(text)),
};

function* reading(text: string): Steps<readonly Finding[]> {
  const lines = proseLines(text);
  const found: Finding[] = [];
  for (const [at, { text: line }] of lines.entries()) {
    if (line.length > LONGEST_LINE || !/\d{4}|day/i.test(line)) continue;
    const plain = line.replace(/[*_]{1,3}(?=[\p{L}\d])|(?<=[\p{L}\d])[*_]{1,3}/gu, "");
    const inLine = statementsIn(plain, (from, to) => isOpen(plain, from, to));
    const fails = inLine.some(({ verdict }) => verdict === "fails");
    const isTold = fails && speaksOfMistakes(lines, at);
    found.push(...inLine.filter(({ verdict }) => verdict !== "fails" || !isTold));
    yield;
  }
  return OTHER_CALENDAR.test(text) ? found.filter(({ verdict }) => verdict !== "fails") : found;
}

/** A supposition or a question around the statement; its own words are not counted. */
const isOpen = (line: string, from: number, to: number): boolean =>
  isSupposed(line.slice(0, from) + " ".repeat(to - from) + line.slice(to), from, to);
