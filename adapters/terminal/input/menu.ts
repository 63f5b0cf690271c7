/** One choice of a menu. */
export interface Choice {
  /** The whole line up to the cursor, once it is chosen. */
  readonly line: string;
  readonly label: string;
  readonly about: string;
  /** Enter runs it; otherwise more can be written after it. */
  readonly isWhole: boolean;
}

/** The choices for what is being written. */
export interface Menu {
  /** Looks for choices for a text before the cursor; closes if there are none. */
  readonly update: (text: string) => void;
  /** The choices, and which one is selected; empty: the menu is closed. */
  readonly choices: () => readonly Choice[];
  readonly selected: () => number;
  /** Resolves when the choices are those of the latest text. */
  readonly ready: () => Promise<void>;
  /** The selected choice, if the choices are those of this text. */
  readonly chosen: (text: string) => Choice | undefined;
  readonly move: (by: -1 | 1) => void;
  readonly close: () => void;
}

export interface MenuOptions {
  /** Resolves to the choices for a text before the cursor. */
  readonly find: (text: string) => Promise<readonly Choice[]>;
  readonly onChange: () => void;
}

/** Whether a text before the cursor opens a menu: a command, or a file after "@". */
export const opensMenu = (text: string): boolean =>
  /^\/[^\n]*$/.test(text) || /(?:^|\s)@(?:"[^"\n]*|[^\s"]*)$/.test(text.slice(-LONGEST_PATH));

// The longest path of common systems.
const LONGEST_PATH = 4_096;

export function createMenu({ find, onChange }: MenuOptions): Menu {
  let choices: readonly Choice[] = [];
  /** The text that the choices are for. */
  let shownFor = "";
  let asked = "";
  let at = 0;
  let looking: Promise<void> = Promise.resolve();
  const close = () => {
    choices = [];
    at = 0;
  };
  const look = async (text: string): Promise<void> => {
    // A failed search shows nothing.
    const found = await find(text).catch(() => []);
    if (asked !== text) return;
    const isSame = choices[at] !== undefined && found[at]?.line === choices[at]?.line;
    choices = found;
    if (!isSame) at = 0;
    shownFor = text;
    onChange();
  };
  return {
    update(text) {
      if (text === asked) return;
      asked = text;
      if (opensMenu(text)) looking = look(text);
      else close();
    },
    choices: () => choices,
    selected: () => at,
    ready: () => looking,
    chosen: (text) => (text === shownFor ? choices[at] : undefined),
    move(by) {
      if (choices.length > 0) at = (at + by + choices.length) % choices.length;
    },
    close,
  };
}
