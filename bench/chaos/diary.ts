import { createWriteStream } from "node:fs";

/** What was done when, for whoever looks into the bots' logs afterwards. */
export interface Diary {
  note(what: string): void;
  stop(): Promise<void>;
}

export function openDiary(path: string): Diary {
  const file = createWriteStream(path);
  return {
    note: (what) => void file.write(`${new Date().toISOString()} ${what}\n`),
    stop: () => new Promise((resolve) => file.end(() => resolve())),
  };
}
