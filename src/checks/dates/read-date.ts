import { type Day, dayOf, MONTHS, WEEKDAYS } from "./calendar.ts";

const MONTH = MONTHS.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join("|");
/** "31 January 2026", "January 31st, 2026", "2026-01-31". Dates such as 01/02/2026 mean different days to different people. */
export const DATE = String.raw`(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:${MONTH}),? \d{4}|(?:${MONTH}) \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{4}-\d{2}-\d{2})`;
/** The same without its year. */
export const DATE_IN_YEAR = String.raw`(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:${MONTH})|(?:${MONTH}) \d{1,2}(?:st|nd|rd|th)?)`;
export const WEEKDAY = String.raw`(?:${WEEKDAYS.join("|")}|Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)`;

/** Undefined: there is no such day. */
export function readDate(text: string): Day | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const year = /\d{4}$/.exec(text)?.[0];
  const [month, date] = readMonthAndDate(text) ?? [];
  return year === undefined || month === undefined || date === undefined
    ? undefined
    : dayOf(Number(year), month, date);
}

/** The month (1–12) and the day of the month. */
export function readMonthAndDate(text: string): readonly [number, number] | undefined {
  const name = /[a-z]{3}/i.exec(
    text.replace(/\d{1,2}(?:st|nd|rd|th)/gi, (day) => String(parseInt(day, 10))),
  )?.[0];
  const date = /(?<!\d)\d{1,2}(?!\d)/.exec(text)?.[0];
  const month = MONTHS.findIndex((one) => one.slice(0, 3).toLowerCase() === name?.toLowerCase());
  return month < 0 || date === undefined ? undefined : [month + 1, Number(date)];
}

/** 0: Sunday. */
export const readWeekday = (text: string): number =>
  WEEKDAYS.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase());
