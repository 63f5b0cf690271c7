import type { ErrorBody } from "./error-body.ts";

/**
 * The wait that a provider asks for, in milliseconds; undefined if it names none, or none in the future. Reads headers before the body, and
 * compares dates with the reply's `date` header, so that the local clock does not matter.
 */
export function retryAfterMs(
  headers: Headers | undefined,
  body: Pick<ErrorBody, "words" | "parts"> = { words: "", parts: [] },
): number | undefined {
  const now = Date.parse(headers?.get("date") ?? "");
  const asked = [
    ...headerWaits((name) => headers?.get(name) ?? null, now),
    ...body.parts.flatMap((part) => fieldWaits(part, now)),
    waitInWords(body.words, now),
    ...resetWaits((name) => headers?.get(name) ?? null, now),
  ];
  const wait = asked.find((ms) => ms !== undefined && ms > 0);
  // 4.07 s × 1000 is a little more than 4070 ms.
  return wait === undefined ? undefined : Math.ceil(Number(wait.toFixed(3)));
}

type Get = (name: string) => string | null;

const headerWaits = (get: Get, now: number): readonly (number | undefined)[] => [
  milliseconds(get("retry-after-ms")),
  secondsOrDate(get("retry-after"), now),
];

/**
 * When an exhausted limit resets: `x-ratelimit-reset-tokens: 7.66s` (OpenAI, Groq), `anthropic-ratelimit-tokens-reset: 2026-11-30T15:20:00Z`,
 * `x-ratelimit-reset` in seconds or milliseconds since the epoch. Only limits with nothing remaining count.
 */
function resetWaits(get: Get, now: number): readonly (number | undefined)[] {
  const limits = ["requests", "tokens", "input-tokens", "output-tokens"];
  const waits = [
    ...limits.flatMap((limit) => [
      { left: `x-ratelimit-remaining-${limit}`, reset: `x-ratelimit-reset-${limit}` },
      {
        left: `anthropic-ratelimit-${limit}-remaining`,
        reset: `anthropic-ratelimit-${limit}-reset`,
      },
    ]),
    { left: "x-ratelimit-remaining", reset: "x-ratelimit-reset" },
    { left: "ratelimit-remaining", reset: "ratelimit-reset" },
  ].flatMap(({ left, reset }) => (isZero(get(left)) ? [momentOrDuration(get(reset), now)] : []));
  const known = waits.filter((ms) => ms !== undefined);
  const unified = momentOrDuration(get("anthropic-ratelimit-unified-reset"), now);
  return [unified, ...(known.length > 0 ? [Math.max(...known)] : [])];
}

const isZero = (text: string | null): boolean => text !== null && Number(text) <= 0;

/** Waits in the fields of a body: Google's `RetryInfo`, OpenRouter's `metadata.headers`, `retry_after`. */
function fieldWaits(part: Readonly<Record<string, unknown>>, now: number): (number | undefined)[] {
  const details = [part["details"]].flat().filter(isFields);
  const metadata = isFields(part["metadata"]) ? part["metadata"] : {};
  const headers = isFields(metadata["headers"]) ? metadata["headers"] : {};
  const get: Get = (name) => {
    const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
    return typeof found === "string" || typeof found === "number" ? String(found) : null;
  };
  return [
    ...details.map(({ retryDelay }) => durationOf(retryDelay)),
    ...[part, metadata].flatMap((fields) => [
      milliseconds(fields["retry_after_ms"]),
      seconds(fields["retry_after"]),
      seconds(fields["retryAfter"]),
      seconds(fields["retry_after_seconds"]),
    ]),
    ...headerWaits(get, now),
    momentOrDuration(get("x-ratelimit-reset"), now),
  ];
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** "4.07s", or a protobuf duration as an object. */
function durationOf(value: unknown): number | undefined {
  if (typeof value === "string") return parseDuration(value);
  if (!isFields(value)) return undefined;
  const whole = Number(value["seconds"] ?? 0) * 1000 + Number(value["nanos"] ?? 0) / 1e6;
  return Number.isFinite(whole) ? whole : undefined;
}

const ASKED =
  /\b(?:(?:try|retry|wait|reset)s?(?: again)?(?: your request)?|available|access)(?: (?:in|after|at|on|for))? (.{1,40})/gi;

/** "Please try again in 0m4.36s", "Please retry after 26 seconds", "You will regain access on 2026-09-01 at 00:00 UTC". */
function waitInWords(words: string, now: number): number | undefined {
  for (const [, rest = ""] of words.slice(0, LONGEST_WORDS).matchAll(ASKED)) {
    const wait =
      parseDuration(rest.replace(/^(?:about|approximately|~) ?/i, "")) ?? until(rest, now);
    if (wait !== undefined) return wait;
  }
  return undefined;
}

const LONGEST_WORDS = 20_000;

const UNIT_MS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|millis(?:econds?)?|milliseconds?)$/i, 1],
  [/^(?:s|secs?|seconds?)$/i, 1000],
  [/^(?:m|mins?|minutes?)$/i, 60_000],
  [/^(?:h|hrs?|hours?)$/i, 3_600_000],
  [/^(?:d|days?)$/i, 86_400_000],
];

/** A duration at the start of a text: "20ms", "1h2m", "9m38.016s", "26 seconds", "1 hour and 5 minutes". */
function parseDuration(text: string): number | undefined {
  let total: number | undefined;
  let rest = text.trimStart();
  for (;;) {
    const [whole, amount, unit = ""] = /^(\d{1,9}(?:\.\d{1,12})?) ?([a-z]{1,12})/i.exec(rest) ?? [];
    const ms = UNIT_MS.find(([words]) => words.test(unit))?.[1];
    if (whole === undefined || ms === undefined) return total;
    total = (total ?? 0) + Number(amount) * ms;
    rest = rest.slice(whole.length).replace(/^(?:,? and |, | )/, "");
  }
}

/** "2026-09-01 at 00:00 UTC", "2026-09-01T00:00:00Z": moments without a zone are not known well enough. */
function until(text: string, now: number): number | undefined {
  const [, day, time] =
    /^(\d{4}-\d\d-\d\d)(?:T| at | )(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?: ?(?:UTC|GMT|Z))\b/i.exec(
      text,
    ) ?? [];
  return day === undefined ? undefined : between(now, Date.parse(`${day}T${time}Z`));
}

const milliseconds = (value: unknown): number | undefined =>
  (typeof value === "string" && value.trim() !== "") || typeof value === "number"
    ? finite(Number(value))
    : undefined;

const seconds = (value: unknown): number | undefined => {
  const amount = milliseconds(value);
  return amount === undefined ? durationOf(value) : amount * 1000;
};

const secondsOrDate = (text: string | null, now: number): number | undefined =>
  seconds(text) ?? between(now, Date.parse(text ?? ""));

/** Later than any duration: numbers from here on are moments, in seconds or milliseconds since the epoch. */
const FIRST_MOMENT_S = 1e9;
const FIRST_MOMENT_MS = 1e12;

function momentOrDuration(text: string | null, now: number): number | undefined {
  const amount = milliseconds(text);
  if (amount === undefined) return secondsOrDate(text, now);
  if (amount < FIRST_MOMENT_S) return amount * 1000;
  return between(now, amount < FIRST_MOMENT_MS ? amount * 1000 : amount);
}

const between = (from: number, to: number): number | undefined => finite(to - from);

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
