import type { Span } from "./limit.ts";

/** A minute, an hour or a day. */
export interface Period {
  /** "day:2026-11-28", "hour:494371". */
  readonly name: string;
  /** Milliseconds since the epoch, exclusive. */
  readonly endsAt: number;
}

/** When periods begin and end. Days follow one time zone. */
export interface Calendar {
  periodAt(span: Span, at: number): Period;
  /** "00:00 UTC". */
  formatTime(at: number): string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** An upper bound for a day: 25 hours when clocks go back, plus a margin. */
const LONGEST_DAY_MS = 27 * HOUR_MS;

/** Throws a RangeError if the time zone does not exist. */
export function createCalendar(timeZone: string): Calendar {
  // Swedish dates are ISO dates.
  const days = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
  const times = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
  let today = { from: 0, name: "", endsAt: 0 };

  const dayAt = (at: number): Period => {
    if (at < today.from || at >= today.endsAt) {
      const name = days.format(at);
      today = { from: at, name: `day:${name}`, endsAt: endOf(at, (t) => days.format(t) === name) };
    }
    return { name: today.name, endsAt: today.endsAt };
  };

  return {
    periodAt(span, at) {
      if (span === "day") return dayAt(at);
      const length = span === "hour" ? HOUR_MS : MINUTE_MS;
      const number = Math.floor(at / length);
      return { name: `${span}:${number}`, endsAt: (number + 1) * length };
    },
    formatTime: (at) => times.format(at),
  };
}

/** The start of the next day after `at`. */
function endOf(at: number, isSameDay: (at: number) => boolean): number {
  let [within, after] = [at, at + LONGEST_DAY_MS];
  while (after - within > 1) {
    const middle = Math.floor((within + after) / 2);
    if (isSameDay(middle)) within = middle;
    else after = middle;
  }
  return after;
}
