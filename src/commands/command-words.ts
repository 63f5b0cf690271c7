/** A word of a command and where it stood. */
export interface Word {
  /** Without its quotes. */
  readonly text: string;
  readonly start: number;
}

// Phones and word processors turn straight quotes into these.
const QUOTED = /"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|‘([^’]*)’|'([^']*)'|(\S+)/g;

/** Words as people type them: quotes of any kind keep spaces together, and a lone quote is just a character. */
export const splitWords = (text: string): readonly Word[] =>
  [...text.matchAll(QUOTED)].map((match) => ({
    text: match.slice(1).find((group) => group !== undefined) ?? "",
    start: match.index,
  }));

// "--here" arrives as "—here" from many phones.
const FLAG = /^(?:--|[-–—−])(?=[a-z])/i;

/** The name of a flag in lower case; null: the word is none. */
export const flagOf = (word: string): string | null =>
  FLAG.test(word) ? word.replace(FLAG, "").toLowerCase() : null;

/**
 * The command in a message: what follows a "!" that starts it. Null: the message is no command.
 */
export const commandIn = (message: string): string | null =>
  /^\s*!(?=[a-z?])/i.test(message) ? message.trim().slice(1) : null;
