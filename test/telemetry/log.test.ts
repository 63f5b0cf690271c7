import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import prettyPrinter from "pino-pretty";
import { createLog, type Log } from "../../src/telemetry/log.ts";

const KEY = "sk-ant-0123456789";

/** What is written when `write` has logged, as text. */
async function logged(
  write: (log: Log) => void,
  { pretty = false, level = "info", secrets = [KEY] } = {},
): Promise<string> {
  const output = new PassThrough();
  write(createLog({ level, output, pretty: pretty ? prettyPrinter : null, secrets }));
  // The readable form goes through a stream of its own.
  await setImmediate();
  output.end();
  return text(output);
}

test("an entry is one line of JSON with its time, level, text and fields", async () => {
  const line = await logged((log) => log.warn({ turn: "turn-1" }, "move failed"));
  expect(line.endsWith("\n")).toBe(true);
  expect(JSON.parse(line)).toEqual({
    level: 40,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    turn: "turn-1",
    msg: "move failed",
  });
});

test("a person at a terminal reads a line instead of JSON", async () => {
  const line = await logged((log) => log.warn("move failed"), { pretty: true });
  expect(line).toMatch(/WARN.*move failed/);
  expect(line).not.toContain("{");
});

test.each([{ pretty: false }, { pretty: true }])("entries keep their order (%o)", async (form) => {
  const lines = await logged((log) => ["one", "two", "three"].map((word) => log.info(word)), form);
  expect(lines.match(/one|two|three/g)).toEqual(["one", "two", "three"]);
});

test("what is below the level is not written", async () => {
  expect(await logged((log) => log.debug("detail"))).toBe("");
  expect(await logged((log) => log.error("bad"), { level: "silent" })).toBe("");
});

test.each([
  ["at the top", (secret: string) => ({ api_key: secret })],
  ["one level down", (secret: string) => ({ backend: { apiKey: secret } })],
  ["two levels down", (secret: string) => ({ agent: { backend: { token: secret } } })],
  ["four levels down", (secret: string) => ({ a: { b: { c: { d: { token: secret } } } } })],
  ["in a list", (secret: string) => ({ calls: [{ options: { botToken: secret } }] })],
  ["in capitals", (secret: string) => ({ env: { SLACK_BOT_TOKEN: secret } })],
  ["as a header", (secret: string) => ({ request: { headers: { "x-api-key": secret } } })],
  [
    "of an error",
    (secret: string) => ({ err: Object.assign(new Error(), { headers: { secret } }) }),
  ],
])("a field that holds secrets is blanked by its name: %s", async (_, fields) => {
  const line = await logged((log) => log.info(fields("unheard-of")), { secrets: [] });
  expect(line).toContain("[redacted]");
  expect(line).not.toContain("unheard-of");
});

test.each([
  ["the text", (log: Log) => log.info(`called with ${KEY}`)],
  ["any field", (log: Log) => log.info({ url: `https://example.com/?key=${KEY}` })],
  ["an error and its cause", (log: Log) => log.warn({ err: wrapped(KEY) })],
])("a known secret is cut out of %s", async (_, write) => {
  for (const pretty of [false, true]) {
    const line = await logged(write, { pretty });
    expect(line).toContain("[redacted]");
    expect(line).not.toContain(KEY);
  }
});

const wrapped = (key: string) =>
  new Error("The model cannot be reached", { cause: new Error(`401 ${key}`) });

const OBEYED = /(?!\n)\p{Cc}|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

test.each([
  ["an escape sequence", "\u001b]0;gone\u0007\u001b[2J"],
  ["C1 controls", "\u009b2J\u0085"],
  ["characters that turn text round", "\u202Egnp.exe\u2066"],
  ["a line separator", "\u2028"],
])("%s in a text or a field is written in words", async (_, hostile) => {
  for (const pretty of [false, true]) {
    const plain = (text: string) => (pretty ? stripVTControlCharacters(text) : text);
    const line = await logged((log) => log.warn({ name: hostile }, `said ${hostile}`), { pretty });
    expect(plain(line)).not.toMatch(OBEYED);
    expect(line).toMatch(/\\u[0-9a-f]{4}/);
    if (!pretty) expect(JSON.parse(line)).toMatchObject({ name: hostile, msg: `said ${hostile}` });
  }
});

test("a text with line breaks is one line, so that nobody forges an entry", async () => {
  const forged = "no\n[12:00:00] ERROR: all is lost";
  for (const pretty of [false, true]) {
    const line = await logged((log) => log.warn({ by: forged }, forged), { pretty });
    expect(stripVTControlCharacters(line)).not.toMatch(/^\s*\[12:00:00\]/m);
  }
});

test("an error keeps the lines of its stack", async () => {
  const line = await logged((log) => log.warn({ err: new Error("gone") }), { pretty: true });
  expect(line).toMatch(/Error: gone\n\s+at /);
});

test("a secret with quotes and line breaks is found in the form it has in JSON", async () => {
  const secret = '-----BEGIN KEY-----\n"abc"';
  const line = await logged((log) => log.info({ text: secret }), { secrets: [secret] });
  expect(JSON.parse(line)).toMatchObject({ text: "[redacted]" });
});

test("a secret that begins another leaves nothing of the longer one", async () => {
  const line = await logged((log) => log.info(`${KEY}-extended`), {
    secrets: [KEY, `${KEY}-extended`],
  });
  expect(JSON.parse(line)).toMatchObject({ msg: "[redacted]" });
});

test("a value too short to be a secret is left in words", async () => {
  const line = await logged((log) => log.info("a test"), { secrets: ["test"] });
  expect(JSON.parse(line)).toMatchObject({ msg: "a test" });
});
