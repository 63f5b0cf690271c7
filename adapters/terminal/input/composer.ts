import {
  type Draft,
  draftOf,
  editDraft,
  emptyDraft,
  expandOne,
  insertPaste,
  insertText,
  recalledDraft,
} from "./draft.ts";
import { droppedPaths } from "./dropped-paths.ts";
import type { Key } from "./keys.ts";
import { createMenu, type Choice, type Menu } from "./menu.ts";
import { expand, unfold, untyped, type Written } from "./pasted.ts";
import type { PromptHistory } from "./prompt-history.ts";
import { createSearch, type Search } from "./search.ts";

/** The input: draft, history, menu and search. */
export interface Composer {
  readonly press: (key: Key) => void;
  readonly draft: () => Draft;
  menu(): { readonly choices: readonly Choice[]; readonly selected: number };
  /** What a search through the history looks for; undefined: there is no search. */
  readonly query: () => string | undefined;
  /** Starts over with what was written. */
  readonly reset: (written: Written, history?: PromptHistory) => void;
}

export interface ComposerOptions {
  readonly history: PromptHistory;
  /** The choices for a text before the cursor. */
  readonly find: (text: string) => Promise<readonly Choice[]>;
  /** Everything that the person wrote, the latest first. */
  readonly written: () => Promise<readonly string[]>;
  readonly onChange: () => void;
  readonly onSubmit: (written: Written) => void;
  /** Ctrl-C with nothing written. */
  readonly onInterrupt: () => void;
  /** Esc with nothing to close. */
  readonly onEscape: () => void;
  /** Any other key. */
  readonly onKey: () => void;
  /** Ctrl-D with nothing written. */
  readonly onEnd: () => void;
  /** Ctrl-L. */
  readonly onWipe: () => void;
}

interface Writing {
  draft: Draft;
  history: PromptHistory;
  readonly menu: Menu;
  readonly search: Search;
}

export function createComposer(options: ComposerOptions): Composer {
  const { find, written, onChange } = options;
  const onEnd = (text: string | undefined) => {
    if (text !== undefined) setDraft(writing, recalledDraft(untyped(text)));
  };
  const writing: Writing = {
    draft: emptyDraft,
    history: options.history,
    menu: createMenu({ find, onChange }),
    search: createSearch({ written, onEnd, onChange }),
  };
  const isSearching = () => writing.search.query() !== undefined;
  return {
    press(key) {
      if (key.kind === "paste" || key.chord !== "ctrl+c") options.onKey();
      if (isSearching()) writing.search.press(key);
      else if (key.kind === "paste") pasteText(writing, key.text);
      else pressKey(writing, key, options);
      onChange();
    },
    draft: () => writing.draft,
    menu() {
      const open = isSearching() ? writing.search : writing.menu;
      return { choices: open.choices(), selected: open.selected() };
    },
    query: () => writing.search.query(),
    reset({ text, pastes }, history) {
      setDraft(writing, { ...recalledDraft(text), pastes });
      writing.history = history ?? writing.history;
      onChange();
    },
  };
}

type Press = Extract<Key, { kind: "press" }>;

const beforeCursor = ({ text, cursor }: Draft): string => text.slice(0, cursor);

function setDraft(writing: Writing, draft: Draft): void {
  writing.draft = draft;
  writing.menu.update(beforeCursor(draft));
}

/** A file that was dropped on the terminal arrives as a paste of its path. */
function pasteText(writing: Writing, text: string): void {
  const mentions = droppedPaths(text);
  const { draft } = writing;
  const gap = mentions === undefined || /(^|\s)$/.test(beforeCursor(draft)) ? "" : " ";
  const after =
    mentions === undefined ? insertPaste(draft, text) : insertText(draft, `${gap}${mentions} `);
  setDraft(writing, after);
}

function pressKey(writing: Writing, key: Press, options: ComposerOptions): void {
  const command = COMMANDS[key.chord];
  if (key.chord === "ctrl+d" && writing.draft.text === "") options.onEnd();
  else if (command) command(writing, options);
  else if (!pressInMenu(writing, key.chord)) {
    const edited = editDraft(writing.draft, key.chord) ?? recalled(writing, key.chord);
    if (edited) setDraft(writing, edited);
    else if (key.text !== "") setDraft(writing, insertText(writing.draft, key.text));
  }
}

const newline = (writing: Writing) => setDraft(writing, insertText(writing.draft, "\n"));

const COMMANDS: Readonly<Record<string, (writing: Writing, options: ComposerOptions) => void>> = {
  return: enter,
  "meta+return": newline,
  "shift+return": newline,
  // Ctrl-J.
  enter: newline,
  tab: (writing, options) => void complete(writing).then(options.onChange),
  escape: closeOrEscape,
  "ctrl+c": clearOrInterrupt,
  "ctrl+l": (_writing, options) => options.onWipe(),
  "ctrl+o": (writing) => setDraft(writing, expandOne(writing.draft)),
  "ctrl+r": ({ search }) => search.begin(),
};

/** True: the key moved in the menu. */
function pressInMenu({ menu, draft }: Writing, chord: string): boolean {
  const by = STEPS[chord];
  if (by === undefined || !menu.chosen(beforeCursor(draft))) return false;
  menu.move(by);
  return true;
}

const STEPS: Readonly<Record<string, -1 | 1>> = { up: -1, "ctrl+p": -1, down: 1, "ctrl+n": 1 };

function closeOrEscape({ menu }: Writing, options: ComposerOptions): void {
  if (menu.choices().length > 0) menu.close();
  else options.onEscape();
}

/** What was written can be recalled with the arrow key. */
function clearOrInterrupt(writing: Writing, options: ComposerOptions): void {
  if (writing.draft.text === "") return options.onInterrupt();
  writing.history.add(unfold(writing.draft));
  setDraft(writing, emptyDraft);
}

function enter(writing: Writing, options: ComposerOptions): void {
  const { text, cursor } = writing.draft;
  const choice = writing.menu.chosen(beforeCursor(writing.draft));
  if (choice && cursor === text.length && choice.line.trimEnd() !== text.trimEnd()) {
    setDraft(writing, draftOf(choice.line));
    if (!choice.isWhole) return;
  }
  submit(writing, options);
}

function submit(writing: Writing, options: ComposerOptions): void {
  const { text, cursor } = writing.draft;
  if (cursor === text.length && text.endsWith("\\")) {
    setDraft(writing, insertText(withoutLast(writing.draft), "\n"));
    return;
  }
  const { draft, history } = writing;
  if (expand(draft).trim() === "") return;
  history.add(unfold(draft));
  setDraft(writing, emptyDraft);
  options.onSubmit(draft);
}

const withoutLast = (draft: Draft): Draft => ({
  ...draft,
  text: draft.text.slice(0, -1),
  cursor: draft.text.length - 1,
});

function recalled({ draft, history }: Writing, chord: string): Draft | undefined {
  const step = STEPS[chord];
  const text =
    step === -1 ? history.older(unfold(draft)) : step === 1 ? history.newer() : undefined;
  return text === undefined ? undefined : recalledDraft(text);
}

/** Completes to what all choices have in common, or else to the selected one. */
async function complete(writing: Writing): Promise<void> {
  const { draft, menu } = writing;
  await menu.ready();
  if (writing.draft !== draft) return;
  const before = beforeCursor(draft);
  const choice = menu.chosen(before);
  if (!choice) return;
  const shared = menu
    .choices()
    .map(({ line }) => line)
    .reduce(commonStart);
  const line = shared.length > before.length ? shared : choice.line;
  const text = line + draft.text.slice(draft.cursor);
  setDraft(writing, { ...draft, text, cursor: line.length });
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
