import { pino } from "pino";
import pretty from "pino-pretty";

export interface LogOptions {
  readonly level: string;
  /** Where lines go: standard error, or a file. */
  readonly output: NodeJS.WritableStream;
  /** For people at a terminal: one readable line an entry instead of JSON. */
  readonly pretty: boolean;
  /** Values that must never be written, whatever key or text they stand in. */
  readonly secrets: readonly string[];
}

export type Log = ReturnType<typeof createLog>;

// Fields that hold secrets wherever they come from: our team files, the SDKs' errors, HTTP requests.
const SECRET_KEYS = [
  "api_key",
  "apiKey",
  "authorization",
  "token",
  "secret",
  "password",
  "headers",
];
const REDACTED = "[redacted]";
// Shorter values would also be cut out of harmless words.
const SHORTEST_SECRET = 6;

/** JSON lines (or readable ones), with secrets cut out by key and by value. */
export function createLog({ level, output, pretty: isPretty, secrets }: LogOptions) {
  const scrub = createScrubber(secrets);
  const sink = isPretty
    ? pretty({ destination: output, colorize: true, ignore: "pid,hostname" })
    : output;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
        censor: REDACTED,
      },
    },
    { write: (line: string) => void sink.write(scrub(line)) },
  );
}

/** Cuts every secret out of a text, also in the form it has inside a JSON string. */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const values = new Set(
    secrets
      .filter((secret) => secret.length >= SHORTEST_SECRET)
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]),
  );
  // The longest first: one secret may be part of another.
  const ordered = [...values].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
}
