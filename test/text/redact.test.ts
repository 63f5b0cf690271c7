import { describe, expect, it, test } from "vitest";
import { createRedactor, isSecretName } from "../../src/text/redact.ts";
import { growthOf, MOST_GROWTH } from "../support/growth.ts";

const KEY = 'qk-live/7Hd+02=&"Zx-941fBaQ';
const redact = createRedactor([KEY]);

describe("a known secret is cut out", () => {
  const json = JSON.stringify(KEY).slice(1, -1);
  it.each([
    ["as it is", KEY],
    ["twice", `${KEY} ${KEY}`],
    ["in JSON", json],
    ["in JSON within JSON", JSON.stringify(json).slice(1, -1)],
    ["in JSON with escaped slashes", json.replaceAll("/", "\\/")],
    ["in HTML", KEY.replaceAll("&", "&amp;")],
    ["percent-encoded", encodeURIComponent(KEY)],
    [
      "percent-encoded in small letters",
      encodeURIComponent(KEY).replaceAll(/%../g, (code) => code.toLowerCase()),
    ],
    ["percent-encoded twice", encodeURIComponent(encodeURIComponent(KEY))],
    ["in hex", Buffer.from(KEY).toString("hex")],
    ["in hex, in capitals", Buffer.from(KEY).toString("hex").toUpperCase()],
    ["in base64", Buffer.from(KEY).toString("base64")],
    ["in base64 for URLs", Buffer.from(KEY).toString("base64url")],
    ["in base64 behind a user's name", Buffer.from(`user:${KEY}`).toString("base64")],
    ["in base64 between others", Buffer.from(`{"k":"${KEY}"}`).toString("base64")],
    [
      "in base64 at each offset",
      ["", "a", "aa"].map((a) => Buffer.from(`${a}${KEY}z`).toString("base64")).join(" "),
    ],
  ])("%s", (_, form) => {
    const shown = redact(`before ${form} after`);
    expect(shown).toMatch(/^before .*\[redacted\].* after$/);
    for (let at = 0; at + 12 <= form.length; at++) {
      if (form.slice(at, at + 12).includes(" ")) continue;
      expect(shown).not.toContain(form.slice(at + 4, at + 12));
      at += 8;
    }
  });

  it.each([
    ["cut off", `Incorrect key: ${KEY.slice(0, 14)}`, "Incorrect key: [redacted]"],
    ["with dots", `Incorrect key: ${KEY.slice(0, 8)}...`, "Incorrect key: [redacted]"],
    ["masked, with its end", `key ${KEY.slice(0, 9)}******${KEY.slice(-4)}.`, "key [redacted]."],
    ["and its rest", `${KEY.slice(0, 10)} is wrong`, "[redacted] is wrong"],
  ])("that a provider echoes: its beginning, %s", (_, text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  it("that stands in a header or a URL", () => {
    const url = "postgres://ada:p%40ss-word-77@db.test:5432/x";
    const shown = createRedactor([url, "Bearer 9f86d081884c7d65"])(
      "p@ss-word-77 p%40ss-word-77 9f86d081884c7d65 postgres is up",
    );
    expect(shown).toBe("[redacted] [redacted] [redacted] postgres is up");
  });

  it("and one that begins another leaves nothing of it", () => {
    expect(createRedactor(["abcdef", "abcdefgh-1234"])("abcdefgh-1234 abcdef")).toBe(
      "[redacted] [redacted]",
    );
  });
});

test("values too short to be secrets stay in words", () => {
  expect(createRedactor(["test", ""])("a test")).toBe("a test");
});

it.each([
  ["https://ada:hush@host.test/a", "https://[redacted]@host.test/a"],
  [
    "amqp://:hush@host.test and ftp://key@host.test",
    "amqp://[redacted]@host.test and ftp://[redacted]@host.test",
  ],
  [
    "https://h.test/?key=abc&x=1&access_token=def#top",
    "https://h.test/?key=[redacted]&x=1&access_token=[redacted]#top",
  ],
  ["https://h.test/?x-api-key=abc", "https://h.test/?x-api-key=[redacted]"],
  ["Authorization: Bearer abc123def456", "Authorization: Bearer [redacted]"],
  ["basic dXNlcjpwYXNz=", "basic [redacted]"],
  ["Incorrect API key provided: sk-proj-********wxyz.", "Incorrect API key provided: [redacted]."],
  ["sk-ant-api03-AbCdEf0123456789", "[redacted]"],
  ["xoxb-1234-5678-abcdef and xapp-1-A0-123", "[redacted] and [redacted]"],
  ["ghp_0123456789abcdefABCDEF", "[redacted]"],
  ["AIzaSyA-0123456789abcdefghijk", "[redacted]"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[redacted]"],
  ["https://hooks.slack.com/services/T00/B00/XXXX", "https://hooks.slack.com/services/[redacted]"],
  [
    "https://discord.com/api/webhooks/123456/abcdefgh-1",
    "https://discord.com/api/webhooks/123456/[redacted]",
  ],
])("what looks like a secret is cut out, whoever it belongs to: %s", (text, shown) => {
  expect(redact(text)).toBe(shown);
});

it.each([
  "https://medium.com/@ada/a-post",
  "mail ada@example.com, or see https://example.com/a?page=2&sort=key",
  "Basic authentication is needed; a bearer of good news",
  "the monkey=banana token is at position 12 of 400 tokens",
  "sk-learn and risk-assessment-for-the-whole-of-2024",
  "git commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
])("harmless words stay: %s", (text) => expect(redact(text)).toBe(text));

it.each([
  "token",
  "bot_token",
  "accessToken",
  "apiKey",
  "API_KEY",
  "x-api-key",
  "Authorization",
  "proxy-authorization",
  "client_secret",
  "password",
  "DB_PASSWORD",
  "set-cookie",
  "headers",
  "privateKey",
  "credentials",
])("a field named %s holds a secret", (name) => expect(isSecretName(name)).toBe(true));

it.each([
  "input_tokens",
  "cached_tokens",
  "output_tokens",
  "key",
  "author",
  "primary_key",
  "tokenizer",
  "monkey",
  "header",
  "secretary",
])("a field named %s does not", (name) => expect(isSecretName(name)).toBe(false));

it.each([
  "sk-",
  "eyJ",
  "https://",
  "a://",
  "?key=",
  "bearer ",
  "xoxb-",
  "M.",
  KEY.slice(0, 8),
  "a@",
])("a text full of %j is redacted in time that grows with its length", (piece) => {
  expect(growthOf(redact, piece, 150_000)).toBeLessThanOrEqual(MOST_GROWTH);
});
