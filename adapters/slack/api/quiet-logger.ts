import { LogLevel } from "@slack/bolt";
import type { Logger } from "@slack/bolt";

/** Bolt logs through this: its warnings and errors go to `onWarning`, each text at most once a minute; the rest goes nowhere. */
export function createQuietLogger(onWarning: (text: string) => void = () => {}): Logger {
  const told = new Map<string, number>();
  const warn = (...parts: unknown[]): void => {
    const text = parts.map(String).join(" ").slice(0, 500);
    const now = Date.now();
    if (now - (told.get(text) ?? -Infinity) < 60_000) return;
    if (told.size > 100) told.clear();
    told.set(text, now);
    onWarning(text);
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
