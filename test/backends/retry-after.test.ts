import { expect, test } from "vitest";
import { retryAfterMs } from "../../src/backends/retry-after.ts";

const date = "Mon, 23 Nov 2026 10:00:00 GMT";
const later = "Mon, 23 Nov 2026 10:00:09 GMT";

test.each([
  [{ "retry-after": "7" }, 7000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after-ms": "250", "retry-after": "1" }, 250],
  [{ date, "retry-after": later }, 9000],
  [{ "retry-after": later }, undefined],
  [{ date: later, "retry-after": date }, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "0" }, undefined],
  [{}, undefined],
])("a reply with %o asks for %s ms", (headers, ms) => {
  expect(retryAfterMs(new Headers(headers))).toBe(ms);
});
