import { searchWritten } from "./history-search.ts";
import type { Key } from "./keys.ts";
import type { Choice } from "./menu.ts";

/** Ctrl-R: a search through everything that the person wrote. */
export interface Search {
  readonly begin: () => void;
  /** What is searched for; undefined: no search is open. */
  readonly query: () => string | undefined;
  readonly choices: () => readonly Choice[];
  readonly selected: () => number;
  readonly press: (key: Key) => void;
}

export interface SearchOptions {
  /** Everything that the person wrote, the latest first. */
  readonly written: () => Promise<readonly string[]>;
  /** A text was chosen; undefined: the search was cancelled. */
  readonly onEnd: (text: string | undefined) => void;
  readonly onChange: () => void;
}

interface Looking {
  query: string | undefined;
  texts: readonly string[];
  choices: readonly Choice[];
  at: number;
}

export function createSearch(options: SearchOptions): Search {
  const looking: Looking = { query: undefined, texts: [], choices: [], at: 0 };
  const load = async (): Promise<void> => {
    look(looking, "");
    looking.texts = await options.written().catch(() => []);
    if (looking.query !== undefined) look(looking, looking.query);
    options.onChange();
  };
  return {
    begin: () => void load(),
    query: () => looking.query,
    choices: () => looking.choices,
    selected: () => looking.at,
    press(key) {
      const { query = "" } = looking;
      if (key.kind === "paste") return look(looking, query + key.text.replace(/\s+/g, " "));
      if (key.chord in STEPS) return step(looking, STEPS[key.chord] ?? 0);
      if (BACK.has(key.chord)) return look(looking, query.slice(0, -1).toWellFormed());
      if (!TAKES.has(key.chord) && !LEAVES.has(key.chord)) return look(looking, query + key.text);
      const found = TAKES.has(key.chord) ? looking.choices[looking.at]?.line : undefined;
      Object.assign(looking, { query: undefined, choices: [], at: 0 });
      options.onEnd(found);
    },
  };
}

const STEPS: Readonly<Record<string, number>> = {
  "ctrl+r": 1,
  down: 1,
  "ctrl+n": 1,
  up: -1,
  "ctrl+p": -1,
  "ctrl+s": -1,
};
const BACK: ReadonlySet<string> = new Set(["backspace", "ctrl+h", "shift+backspace"]);
const TAKES: ReadonlySet<string> = new Set(["return", "tab", "right"]);
const LEAVES: ReadonlySet<string> = new Set(["escape", "ctrl+c", "ctrl+g", "ctrl+d"]);

function look(looking: Looking, query: string): void {
  if (query !== looking.query) looking.at = 0;
  looking.query = query;
  looking.choices = searchWritten(looking.texts, query);
}

function step(looking: Looking, by: number): void {
  const { length } = looking.choices;
  if (length > 0) looking.at = (looking.at + by + length) % length;
}
