/** A day, as days since 1 January 1970. */
export type Day = number;

const MS_PER_DAY = 86_400_000;
export const WEEKDAYS = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
] as const;
export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** Years whose calendar was the same everywhere that answers speak of. */
const YEARS = { from: 1925, to: 2200 };

/** Undefined: there is no such day, or its calendar is not certain. `month`: 1–12. */
export function dayOf(year: number, month: number, date: number): Day | undefined {
  if (year < YEARS.from || year > YEARS.to) return undefined;
  const at = new Date(Date.UTC(year, month - 1, date));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== date) return undefined;
  return at.getTime() / MS_PER_DAY;
}

const dateOf = (day: Day): Date => new Date(day * MS_PER_DAY);

/** 0: Sunday. */
export const weekdayOf = (day: Day): number => dateOf(day).getUTCDay();

export const formatDay = (day: Day): string => {
  const at = dateOf(day);
  return `${WEEKDAYS[at.getUTCDay()]}, ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
};

/** The month (1–12) and the day of the month. */
export const monthAndDate = (day: Day): readonly [number, number] => [
  dateOf(day).getUTCMonth() + 1,
  dateOf(day).getUTCDate(),
];

/** In the Gregorian calendar. */
export const isLeap = (year: number): boolean =>
  (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
