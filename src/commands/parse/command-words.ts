/** A word of a command and its position. */
export interface Word {
  /** Without its quotes. */
  readonly text: string;
  readonly start: number;
}

// Phones and word processors turn straight quotes into these.
// None holds its own opening quote: with many of those, each would be searched to the end for its partner.
const QUOTED = /"([^"]*)"|“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»|‘([^‘’]*)’|'([^']*)'|(\S+)/g;

/** Splits text into words. Quotes of any kind group words; an unmatched quote is an ordinary character. */
export const splitWords = (text: string): readonly Word[] =>
  [...text.matchAll(QUOTED)].map((match) => ({
    text: match.slice(1).find((group) => group !== undefined) ?? "",
    start: match.index,
  }));

// "--here" arrives as "—here" from many phones.
const FLAG = /^(?:--|[-–—−])(?=[a-z])/i;

/** The name of a flag in lower case; null: the word is not a flag. */
export const flagOf = (word: string): string | null =>
  FLAG.test(word) ? word.replace(FLAG, "").toLowerCase() : null;

/**
 * The command in a message that starts with "!"; null: the message is not a command.
 */
export const commandIn = (message: string): string | null =>
  /^\s*!(?=[a-z?])/i.test(message) ? message.trim().slice(1) : null;
