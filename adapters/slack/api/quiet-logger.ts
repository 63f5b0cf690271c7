import { LogLevel } from "@slack/bolt";
import type { Logger } from "@slack/bolt";
import { createRepeatFilter } from "../../../src/repeat-filter.ts";

/** Bolt logs through this: its warnings and errors go to `onWarning`, each text at most once a minute; the rest goes nowhere. */
export function createQuietLogger(onWarning: (text: string) => void = () => {}): Logger {
  const repeated = createRepeatFilter({ periodMs: 60_000, max: 100, now: Date.now });
  const warn = (...parts: unknown[]): void => {
    const text = parts.map(String).join(" ").slice(0, 500);
    if (repeated(text) !== undefined) onWarning(text);
  };
  return {
    debug() {},
    info() {},
    warn,
    error: warn,
    setLevel() {},
    getLevel: () => LogLevel.ERROR,
    setName() {},
  };
}
