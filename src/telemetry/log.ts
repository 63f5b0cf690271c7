import { pino } from "pino";
import type { PinoPretty } from "pino-pretty";
import { escapeControls } from "../text/clean-text.ts";
import { createRedactor, isSecretName, type Redact, REDACTED } from "../text/redact.ts";

export interface LogOptions {
  readonly level: string;
  /** Where lines go: standard error, or a file. */
  readonly output: NodeJS.WritableStream;
  /** pino-pretty, for terminals: one readable line per entry instead of JSON. Null: JSON. */
  readonly pretty: typeof PinoPretty | null;
  /** Whether the readable form has colours. */
  readonly colour?: boolean;
  /** Values that must never be logged, whatever field or text contains them. */
  readonly secrets: readonly string[];
}

export type Log = ReturnType<typeof createLog>;

/** JSON lines (or readable ones), with secrets cut out by the name of their field, at any depth, and by their value. */
export function createLog({ level, output, pretty, colour = true, secrets }: LogOptions) {
  const redact = createRedactor(secrets);
  const format = pretty?.prettyFactory({ colorize: colour, ignore: "pid,hostname" });
  const shown = (line: string) => (format ? format(line) : line);
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => void output.write(shown(safeLine(line, redact, pretty !== null))) },
  );
}

/** The entry without secrets and terminal control characters. */
function safeLine(line: string, redact: Redact, isPretty: boolean): string {
  const entry: unknown = JSON.parse(line, (name, value: unknown) => {
    if (isSecretName(name)) return REDACTED;
    // JSON escapes line breaks; the readable form prints them, where only a stack may have some.
    return isPretty && typeof value === "string" ? readable(name, value) : value;
  });
  return `${escapeControls(redact(JSON.stringify(entry)))}\n`;
}

const readable = (name: string, text: string): string =>
  name === "stack" ? escapeControls(text) : escapeControls(text.replace(/\r?\n/g, "\\n"));
