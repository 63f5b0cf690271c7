/** How a command is written in a place, without quotes: "why" becomes "@Parley !why", "/parley why" or "/why". `usage`: in a list of commands. */
export type Spell = (words: string, form?: "usage") => string;

/** A command in a text that does not know yet where people will read it. */
export const typed = (words: string): string => `\`parley ${words}\``;

/** A word of a file or a platform as code. */
export const code = (text: string): string => `\`${text}\``;

const TYPED = /`parley ([^`\n]{1,300})`/g;

/** The text with its commands as they are written where it is read. */
export const spelled = (text: string, spell: Spell): string =>
  text.replace(TYPED, (_, words: string) => code(spell(words)));

/** A cell of a table, where code needs no mark. */
export const spelledUsage = (cell: string, spell: Spell): string =>
  cell.replace(TYPED, (_, words: string) => spell(words, "usage"));

/** A message that begins with "!" is a command on every platform. */
export const spellAsMessage: Spell = (words) => `!${words}`;
