import type { Finding } from "../../coordination/check-result.ts";
import { formatDay, isLeap, monthAndDate, WEEKDAYS, weekdayOf } from "./calendar.ts";
import {
  DATE,
  DATE_IN_YEAR,
  readDate,
  readMonthAndDate,
  readWeekday,
  WEEKDAY,
} from "./read-date.ts";

/** A kind of statement about dates, and what is true of one. */
export interface StatementKind {
  readonly pattern: RegExp;
  /** Null: it holds; undefined: it cannot be told; else what is right. */
  readonly correct: (parts: readonly string[]) => string | null | undefined;
}

const IS = String.raw`(?:is|was|will be|falls on|fell on|will fall on)`;
/** What may follow: "Monday.com" and "Monday's" are no days. */
const OVER = String.raw`(?![\p{L}\d]|['’.-][\p{L}\d])`;
const START = String.raw`(?<![\p{L}\d.,/-])`;
const COUNT = String.raw`(\d{1,3}(?:,\d{3})+|\d{1,6})`;

/** "40 days of holidays" are others. */
const OF_NOTHING = "(?! (?:of|off|with|per|on|for|at|left|when|where))";

const pattern = (...parts: readonly string[]): RegExp =>
  new RegExp(START + parts.join("") + OVER, "giu");

function weekday(date: string | undefined, name: string | undefined) {
  const day = readDate(date ?? "");
  // "She sat, 31 January 2026" names no day.
  if (day === undefined || /^[a-z]{1,5}$/.test(name ?? "")) return undefined;
  return weekdayOf(day) === readWeekday(name ?? "") ? null : `it is a ${WEEKDAYS[weekdayOf(day)]}`;
}

const MINUS = /^before$/i;

/** "30 days after 2026-01-31 is …": the day, or undefined. */
function shifted([count, unit, direction, date]: readonly string[]): number | undefined {
  const day = readDate(date ?? "");
  if (day === undefined) return undefined;
  const days = numberOf(count) * (/^week/i.test(unit ?? "") ? 7 : 1);
  return day + (MINUS.test(direction ?? "") ? -days : days);
}

const numberOf = (text = ""): number => Number(text.replaceAll(",", ""));

function sameDay(day: number | undefined, stated = ""): string | null | undefined {
  if (day === undefined) return undefined;
  const whole = readDate(stated);
  if (whole !== undefined) return whole === day ? null : `it is ${formatDay(day)}`;
  if (/\d{4}/.test(stated)) return undefined;
  const [month, date] = readMonthAndDate(stated) ?? [];
  const [rightMonth, rightDate] = monthAndDate(day);
  return month === rightMonth && date === rightDate ? null : `it is ${formatDay(day)}`;
}

/** The first day, the last one, or both may be counted. */
function distance([from, to, count]: readonly string[]): string | null | undefined {
  const [first, last] = [readDate(from ?? ""), readDate(to ?? "")];
  if (first === undefined || last === undefined || last < first) return undefined;
  const days = last - first;
  return Math.abs(days - numberOf(count)) <= 1 ? null : `${days} days, the first not counted`;
}

function leapYear(year = "", isDenied: boolean): string | null | undefined {
  const number = Number(year);
  if (number < 1800 || number > 2999) return undefined;
  return isLeap(number) !== isDenied ? null : `it is ${isLeap(number) ? "" : "not "}one`;
}

const AFTER = String.raw`${COUNT} (days?|weeks?) (after|from|before) (?:the )?(?:${WEEKDAY},? )?`;

export const STATEMENTS: readonly StatementKind[] = [
  {
    pattern: pattern(`(${WEEKDAY}),? (?:the )?(${DATE})`),
    correct: ([name, date]) => weekday(date, name),
  },
  {
    pattern: pattern(`(${DATE}),? ${IS} (?:on )?(?:an? )?(${WEEKDAY})`),
    correct: ([date, name]) => weekday(date, name),
  },
  {
    pattern: pattern(String.raw`(${DATE}) ?\((?:an? )?(${WEEKDAY})\)`),
    correct: ([date, name]) => weekday(date, name),
  },
  {
    pattern: pattern(
      `${AFTER}(${DATE}),? (?:${IS}|lands on|comes to|=) (?:on )?(?:the )?(?:${WEEKDAY},? (?:the )?)?(${DATE}|${DATE_IN_YEAR}(?!,? \\d))`,
    ),
    correct: (parts) => sameDay(shifted(parts), parts[4]),
  },
  {
    pattern: pattern(
      String.raw`(${DATE}) (?:\+|plus) ${COUNT} (days?|weeks?) (?:is|=|gives) (${DATE})`,
    ),
    correct: ([date, count, unit, result]) =>
      sameDay(shifted([count ?? "", unit ?? "", "after", date ?? ""]), result),
  },
  {
    pattern: pattern(
      `(?:from|between) (?:${WEEKDAY},? )?(${DATE}) (?:to|until|till|and) (?:${WEEKDAY},? )?(${DATE}) (?:is|are|there are|takes|makes|=) ${COUNT} days${OF_NOTHING}`,
    ),
    correct: distance,
  },
  {
    pattern: pattern(
      `there are ${COUNT} days (?:between|from) (?:${WEEKDAY},? )?(${DATE}) (?:and|to|until) (?:${WEEKDAY},? )?(${DATE})`,
    ),
    correct: ([count, from, to]) => distance([from ?? "", to ?? "", count ?? ""]),
  },
  {
    pattern: pattern(String.raw`(\d{4}) (?:is|was|will be) (not )?a leap year`),
    correct: ([year, not]) => leapYear(year, not !== undefined && not !== ""),
  },
  {
    pattern: pattern(String.raw`(\d{4}) (?:isn['’]t|wasn['’]t|won['’]t be) a leap year`),
    correct: ([year]) => leapYear(year, true),
  },
  {
    pattern: pattern(
      String.raw`${COUNT} days after an? (${WEEKDAY}) (?:is|comes) an? (${WEEKDAY})`,
    ),
    correct: ([count, from, to]) => {
      const right = (readWeekday(from ?? "") + numberOf(count)) % 7;
      return right === readWeekday(to ?? "") ? null : `it is a ${WEEKDAYS[right]}`;
    },
  },
];

/** What a line says about dates, in the order of the kinds. A denial is part of some statements: `isOpen` is asked about the words around them. */
export function statementsIn(
  line: string,
  isOpen: (from: number, to: number) => boolean,
): readonly Finding[] {
  return STATEMENTS.flatMap(({ pattern: kind, correct }) =>
    [...line.matchAll(kind)].flatMap((match): readonly Finding[] => {
      const [quote, ...parts] = match;
      const right = correct(parts);
      if (right === undefined) return [];
      if (right === null) return [{ quote, verdict: "holds", note: "" }];
      if (isOpen(match.index, match.index + quote.length)) return [];
      return [{ quote, verdict: "fails", note: right }];
    }),
  );
}
