import type { RateLimit } from "./rate-window.ts";

const HEADER = /^(?:x-|anthropic-)?(?:rate-?limit|token-?limit)(?:bysize)?-(.+)$/;
/** The word that says which value a header holds: before or after the limit's name. */
const FIELD = /(?:^|-)(limit|remaining|reset)(?=-|$)/;

interface Parts {
  limit?: string;
  remaining?: string;
  reset?: string;
}

/**
 * What a reply's headers say is left of the provider's limits: `x-ratelimit-*` (OpenAI and compatible servers, each with its own names),
 * `anthropic-ratelimit-*`, and the IETF's `ratelimit-*`. Limits without a count left or without a reset are useless and left out.
 */
export function parseRateLimits(headers: Headers): readonly RateLimit[] {
  const found = new Map<string, Parts>();
  headers.forEach((value, header) => {
    const rest = HEADER.exec(header)?.[1];
    const field = FIELD.exec(rest ?? "");
    if (rest === undefined || !field) return;
    const scope = /token|bysize/.test(header) ? "tokens" : "calls";
    const name = `${scope}:${rest.replace(field[0], "").replace(/^-/, "")}`;
    found.set(name, { ...found.get(name), [field[1] ?? ""]: value.trim() });
  });
  const sentAt = Date.parse(headers.get("date") ?? "");
  return [...found].flatMap(([name, parts]) => limitOf(name, parts, sentAt));
}

function limitOf(
  name: string,
  { limit, remaining, reset }: Parts,
  sentAt: number,
): readonly RateLimit[] {
  const left = count(remaining);
  const resetMs = parseReset(reset, sentAt);
  // Azure says −1 where a limit does not apply.
  if (left === null || left < 0 || resetMs === null) return [];
  const most = count(limit);
  return [
    {
      name,
      unit: name.startsWith("tokens:") ? "tokens" : "calls",
      limit: most !== null && most > 0 ? most : null,
      remaining: left,
      resetMs,
    },
  ];
}

/** Some proxies repeat a header: "60, 60;w=60". */
const count = (text: string | undefined): number | null => {
  const [first = ""] = (text ?? "").split(/[,;]/);
  return first.trim() === "" || Number.isNaN(Number(first)) ? null : Number(first);
};

const UNITS_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/;
/** Numbers up to here are seconds from now; larger ones are seconds, milliseconds, … since the epoch. */
const MOST_SECONDS = 1e8;

/**
 * Milliseconds until a reset, from a duration ("6m0s", "2m59.56s", "20ms"), seconds ("60", "33011.4"), a time since the epoch in seconds or
 * milliseconds, or a date (RFC 3339, HTTP). Times are compared with `sentAt`, the reply's date, so the local clock does not matter. Null: unreadable.
 */
function parseReset(text: string | undefined, sentAt: number): number | null {
  // A date may contain a comma, a number not.
  const [first = ""] = /^\d/.test(text ?? "") ? (text ?? "").split(/[,;]/) : [text];
  if (DURATION.test(first)) return inMs(first);
  const value = count(first);
  if (value === null) return until(Date.parse(first), sentAt);
  if (value < 0) return null;
  return value <= MOST_SECONDS ? Math.ceil(value * 1000) : until(toMs(value), sentAt);
}

/** A time since the epoch, given in seconds or milliseconds, in ms. */
const toMs = (time: number): number => (time < 1e11 ? time * 1000 : time);

/** A date has whole seconds, so a reset may seem to be past. */
const until = (at: number, sentAt: number): number | null =>
  Number.isNaN(at - sentAt) ? null : Math.max(0, at - sentAt);

function inMs(duration: string): number {
  const parts = [...duration.matchAll(/(\d{1,15}(?:\.\d{1,15})?)(ms|[dhms])/g)];
  return Math.ceil(
    parts.reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (UNITS_MS[unit] ?? 0), 0),
  );
}
