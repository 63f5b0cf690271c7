import { draftOf, editDraft, emptyDraft, insertText, type Draft } from "./draft.ts";
import type { Key } from "./keys.ts";
import type { PromptHistory } from "./prompt-history.ts";

/** The input: draft, history and completion. */
export interface Composer {
  press(key: Key): void;
  draft(): Draft;
  /** Completions to choose from; empty if there is no choice. */
  candidates(): readonly string[];
  /** Starts over with a text. */
  reset(text: string, history?: PromptHistory): void;
}

export interface ComposerOptions {
  readonly history: PromptHistory;
  /** Completes the text to whole lines. */
  complete(text: string): Promise<readonly string[]>;
  onChange(): void;
  onSubmit(text: string): void;
  /** Ctrl-C. */
  onInterrupt(): void;
  /** Ctrl-D with nothing written. */
  onEnd(): void;
  /** Ctrl-L. */
  onWipe(): void;
}

interface Writing {
  draft: Draft;
  candidates: readonly string[];
  history: PromptHistory;
}

export function createComposer(options: ComposerOptions): Composer {
  const writing: Writing = { draft: emptyDraft, candidates: [], history: options.history };
  return {
    press(key) {
      if (key.kind === "paste") setDraft(writing, insertText(writing.draft, key.text));
      else pressKey(writing, key, options);
      options.onChange();
    },
    draft: () => writing.draft,
    candidates: () => writing.candidates,
    reset(text, history) {
      setDraft(writing, draftOf(text));
      writing.history = history ?? writing.history;
      options.onChange();
    },
  };
}

type Press = Extract<Key, { kind: "press" }>;

function setDraft(writing: Writing, draft: Draft): void {
  writing.draft = draft;
  writing.candidates = [];
}

function pressKey(writing: Writing, key: Press, options: ComposerOptions): void {
  const command = COMMANDS[key.chord];
  if (key.chord === "ctrl+d" && writing.draft.text === "") options.onEnd();
  else if (command) command(writing, options);
  else {
    const edited = editDraft(writing.draft, key.chord) ?? recalled(writing, key.chord);
    if (edited) setDraft(writing, edited);
    else if (key.text !== "") setDraft(writing, insertText(writing.draft, key.text));
  }
}

const newline = (writing: Writing) => setDraft(writing, insertText(writing.draft, "\n"));

const COMMANDS: Readonly<Record<string, (writing: Writing, options: ComposerOptions) => void>> = {
  return: submit,
  "meta+return": newline,
  "shift+return": newline,
  // Ctrl-J.
  enter: newline,
  tab: (writing, options) => void complete(writing, options),
  escape: (writing) => setDraft(writing, writing.draft),
  "ctrl+c": (_writing, options) => options.onInterrupt(),
  "ctrl+l": (_writing, options) => options.onWipe(),
};

function submit(writing: Writing, options: ComposerOptions): void {
  const { text, cursor } = writing.draft;
  if (cursor === text.length && text.endsWith("\\")) {
    setDraft(writing, draftOf(`${text.slice(0, -1)}\n`));
    return;
  }
  if (text.trim() === "") return;
  writing.history.add(text);
  setDraft(writing, emptyDraft);
  options.onSubmit(text);
}

function recalled({ draft, history }: Writing, chord: string): Draft | undefined {
  const older = chord === "up" || chord === "ctrl+p";
  const newer = chord === "down" || chord === "ctrl+n";
  const text = older ? history.older(draft.text) : newer ? history.newer() : undefined;
  return text === undefined ? undefined : draftOf(text);
}

async function complete(writing: Writing, options: ComposerOptions): Promise<void> {
  const { draft } = writing;
  if (!draft.text.startsWith("/") || draft.cursor !== draft.text.length) return;
  // A failed completion changes nothing.
  const candidates = await options.complete(draft.text).catch(() => []);
  const [only, second] = candidates;
  if (writing.draft !== draft || only === undefined) return;
  if (second === undefined) setDraft(writing, draftOf(only.endsWith("/") ? only : `${only} `));
  else {
    const shared = candidates.reduce(commonStart);
    setDraft(writing, shared.length > draft.text.length ? draftOf(shared) : draft);
    writing.candidates = candidates;
  }
  options.onChange();
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
