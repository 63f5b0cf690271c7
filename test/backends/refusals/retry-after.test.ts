import { describe, expect, test } from "vitest";
import { parseErrorText } from "../../../src/backends/refusals/error-body.ts";
import { retryAfterMs } from "../../../src/backends/refusals/retry-after.ts";

const date = "Mon, 23 Nov 2026 10:00:00 GMT";
const later = "Mon, 23 Nov 2026 10:00:09 GMT";
const LATER_S = Date.parse(later) / 1000;

describe("the wait that a provider asks for", () => {
  test.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "2m5s" }, 125_000],
    [{ "retry-after-ms": "250", "retry-after": "1" }, 250],
    [{ date, "retry-after": later }, 9000],
    [{ "retry-after": later }, undefined],
    [{ date: later, "retry-after": date }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "0" }, undefined],
    [{}, undefined],
    [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "7.66s" }, 7660],
    [{ "x-ratelimit-remaining-tokens": "9", "x-ratelimit-reset-tokens": "7.66s" }, undefined],
    [
      {
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1h2m",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "20ms",
      },
      3_720_000,
    ],
    [{ date, "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(LATER_S) }, 9000],
    [{ date, "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(LATER_S * 1000) }, 9000],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" }, 30_000],
    [{ date, "anthropic-ratelimit-unified-reset": String(LATER_S) }, 9000],
    [
      {
        date,
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-11-23T10:00:09Z",
      },
      9000,
    ],
  ])("the wait in the headers %o is %s ms", (headers, ms) => {
    expect(retryAfterMs(new Headers(headers))).toBe(ms);
  });

  test.each([
    ["Please try again in 0m4.36s", 4360],
    ["Please try again in 20ms.", 20],
    ["Please retry in 4.07s", 4070],
    ["Please try again in 1h2m", 3_720_000],
    ["Please try again in 9m38.016s. Need more tokens?", 578_016],
    ["Please retry after 26 seconds. Please go here", 26_000],
    ["try again after 1 minute", 60_000],
    ["Try again in about 5 minutes", 300_000],
    ["Please wait 3 seconds before the next request", 3000],
    ["Retry your request after 10s", 10_000],
    ["Your quota resets in 2 hours, 5 minutes", 7_500_000],
    ["(reset after 1m 4s)", 64_000],
    ["You will regain access on 2026-11-24 at 10:00 UTC.", 86_400_000],
    ["Your limit will reset at 2026-11-23T10:00:09Z", 9000],
    ["Your limit will reset at 2026-11-24 12:30:00", undefined],
    ["Please try again later.", undefined],
    ["Please try again in 5 attempts", undefined],
    ["Please try again", undefined],
  ])("the wait in the words “%s” is %s ms", (words, ms) => {
    expect(retryAfterMs(new Headers({ date }), { words, parts: [] })).toBe(ms);
  });

  test.each([
    [
      "Google's RetryInfo",
      { error: { message: "x", details: [{ retryDelay: "34.07s" }] } },
      34_070,
    ],
    [
      "a duration as an object",
      { error: { message: "x", details: [{ retryDelay: { seconds: 4, nanos: 70_000_000 } }] } },
      4070,
    ],
    ["retry_after in seconds", { error: { message: "x" }, retry_after: 3 }, 3000],
    ["retryAfter as text", { message: "x", retryAfter: "1m" }, 60_000],
    ["retry_after_ms", { error: { message: "x", retry_after_ms: 150 } }, 150],
    [
      "OpenRouter's headers in metadata",
      {
        error: {
          message: "x",
          metadata: { headers: { "X-RateLimit-Reset": String(LATER_S * 1000) } },
        },
      },
      9000,
    ],
    [
      "a Retry-After in metadata",
      { error: { message: "x", metadata: { headers: { "Retry-After": "12" } } } },
      12_000,
    ],
  ])("the wait is read in %s of a body", (_, body, ms) => {
    expect(retryAfterMs(new Headers({ date }), parseErrorText(JSON.stringify(body)))).toBe(ms);
  });
});
