import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRateLimits } from "../../../src/backends/resilience/rate-limit-headers.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const date = "Sat, 28 Nov 2026 20:00:00 GMT";
const at = Date.parse(date);
const parse = (headers: Record<string, string>) =>
  parseRateLimits(new Headers({ date, ...headers }));

/** The reset of one limit, as parsed. */
const reset = (text: string) =>
  parse({ "x-ratelimit-remaining-requests": "5", "x-ratelimit-reset-requests": text })[0]?.resetMs;

describe("the headers of", () => {
  it("OpenAI", () => {
    const headers = {
      "x-ratelimit-limit-requests": "10000",
      "x-ratelimit-limit-tokens": "2000000",
      "x-ratelimit-remaining-requests": "9999",
      "x-ratelimit-remaining-tokens": "1999985",
      "x-ratelimit-reset-requests": "6ms",
      "x-ratelimit-reset-tokens": "0s",
    };
    expect(parse(headers)).toEqual([
      { name: "calls:requests", unit: "calls", limit: 10_000, remaining: 9_999, resetMs: 6 },
      { name: "tokens:tokens", unit: "tokens", limit: 2_000_000, remaining: 1_999_985, resetMs: 0 },
    ]);
  });

  it("Anthropic", () => {
    const headers = {
      "anthropic-ratelimit-requests-limit": "50",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-28T20:00:41Z",
      "anthropic-ratelimit-input-tokens-limit": "30000",
      "anthropic-ratelimit-input-tokens-remaining": "16000",
      "anthropic-ratelimit-input-tokens-reset": "2026-11-28T20:00:28+00:00",
      "anthropic-ratelimit-unified-status": "allowed",
      "anthropic-ratelimit-unified-reset": "1796000000",
    };
    const limits = parse(headers);
    expect(limits).toHaveLength(2);
    expect(limits.find(({ unit }) => unit === "calls")).toEqual({
      name: "calls:requests",
      unit: "calls",
      limit: 50,
      remaining: 0,
      resetMs: 41_000,
    });
    expect(limits.find(({ unit }) => unit === "tokens")).toMatchObject({
      limit: 30_000,
      remaining: 16_000,
      resetMs: 28_000,
    });
  });

  it("OpenRouter, in milliseconds since the epoch", () => {
    const headers = {
      "X-RateLimit-Limit": "20",
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Reset": String(at + 23_000),
    };
    expect(parse(headers)).toMatchObject([{ unit: "calls", limit: 20, resetMs: 23_000 }]);
  });

  it("GitHub and others, in seconds since the epoch", () => {
    const headers = { "x-ratelimit-remaining": "3", "x-ratelimit-reset": String(at / 1000 + 9) };
    expect(parse(headers)).toMatchObject([{ remaining: 3, limit: null, resetMs: 9_000 }]);
  });

  it("Groq, with a limit per day and fractions of seconds", () => {
    const headers = {
      "x-ratelimit-limit-requests": "14400",
      "x-ratelimit-remaining-requests": "14370",
      "x-ratelimit-reset-requests": "2m59.56s",
    };
    expect(parse(headers)).toMatchObject([{ remaining: 14_370, resetMs: 179_560 }]);
  });

  it("Cerebras, with several limits of one unit", () => {
    const headers = {
      "x-ratelimit-limit-requests-day": "1000000000",
      "x-ratelimit-remaining-requests-day": "999997455",
      "x-ratelimit-reset-requests-day": "33011.382867",
      "x-ratelimit-limit-tokens-minute": "1000000000",
      "x-ratelimit-remaining-tokens-minute": "999998455",
      "x-ratelimit-reset-tokens-minute": "11.382867",
    };
    expect(parse(headers).map(({ name, resetMs }) => [name, resetMs])).toEqual([
      ["calls:requests-day", 33_011_383],
      ["tokens:tokens-minute", 11_383],
    ]);
  });

  it("the headers of the IETF are read in seconds, also from proxies that repeat a value", () => {
    const headers = {
      "RateLimit-Limit": "100, 100;w=60",
      "RateLimit-Remaining": "7",
      "RateLimit-Reset": "30",
    };
    expect(parse(headers)).toMatchObject([{ limit: 100, remaining: 7, resetMs: 30_000 }]);
  });

  it.each([
    ["Azure, which says −1 where no limit applies", { remaining: "-1", reset: "0" }],
    ["Azure, which says what is left and not until when", { remaining: "79" }],
    ["Mistral, which has no reset", { remaining: "717", limit: "720" }],
    ["a server that says nonsense", { remaining: "plenty", reset: "soon" }],
    ["a server that sends empty values", { remaining: "", reset: "" }],
    ["a server whose reset is negative", { remaining: "5", reset: "-3" }],
  ])("%s, say nothing", (_who, values) => {
    const headers = Object.entries(values).map(([field, value]) => [
      `x-ratelimit-${field}-requests`,
      value,
    ]);
    expect(parse(Object.fromEntries(headers))).toEqual([]);
  });

  it("the headers of a server that sends a limit of 0 beside calls that are left do not state a limit", () => {
    const headers = {
      "x-ratelimit-limit-requests": "0",
      "x-ratelimit-remaining-requests": "4",
      "x-ratelimit-reset-requests": "1s",
    };
    expect(parse(headers)).toMatchObject([{ limit: null, remaining: 4 }]);
  });
});

describe("a reset", () => {
  it.each([
    ["1s", 1_000],
    ["6m0s", 360_000],
    ["1h30m", 5_400_000],
    ["1d2h", 93_600_000],
    ["20ms", 20],
    ["1m30.951s", 90_951],
    ["0", 0],
    ["60", 60_000],
    ["59.97", 59_970],
    [String(at / 1000 + 12), 12_000],
    [String(at + 12_500), 12_500],
    ["2026-11-28T20:00:05.5Z", 5_500],
    ["2026-11-28T21:00:05+01:00", 5_000],
    ["Sat, 28 Nov 2026 20:00:10 GMT", 10_000],
    ["2026-11-28T19:59:59Z", 0],
  ])("the time until a reset is read in the form of %s", (text, ms) => {
    expect(reset(text)).toBe(ms);
  });

  it("a reset is unreadable as a date where the reply has no date of its own", () => {
    const headers = new Headers({
      "x-ratelimit-remaining-requests": "5",
      "x-ratelimit-reset-requests": "2026-11-28T20:00:05Z",
    });
    expect(parseRateLimits(headers)).toEqual([]);
  });

  it("a reset is finite and not negative whatever a server sends", () => {
    const printable = fc.string({ unit: "grapheme-ascii" }).filter((text) => text.trim() === text);
    fc.assert(
      fc.property(printable, printable, (remaining, text) => {
        const limits = parse({
          "x-ratelimit-remaining": remaining,
          "x-ratelimit-reset": text,
        });
        for (const { resetMs, remaining: rest } of limits) {
          expect(resetMs >= 0 && rest >= 0 && !Number.isNaN(resetMs)).toBe(true);
        }
      }),
      { numRuns: propertyRuns(300) },
    );
  });
});
