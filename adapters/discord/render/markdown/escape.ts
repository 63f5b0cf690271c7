/** How much of a paragraph's text is escaped. */
export interface Escaping {
  /** Also within words: something in the paragraph may close what they open. */
  readonly underscores: boolean;
  /** The paragraph has text that looks like a link. */
  readonly brackets: boolean;
}

/** Plain text, so that Discord shows it as it is. What cannot be a mark stays readable in the source: `snake_case`, `2 * 3`. */
export const escapeText = (text: string, escaping: Escaping): string =>
  text.replaceAll(/[\\`*_~|[<]/g, (sign, at: number) => {
    const isMark = MARKS[sign]?.(text[at - 1] ?? "", text.slice(at + 1, at + 5), escaping) ?? true;
    return isMark ? `\\${sign}` : sign;
  });

/** Whether it may be a mark, by the character before it and those after it; "" at an end. */
type IsMark = (before: string, after: string, escaping: Escaping) => boolean;

const isRun =
  (sign: string): IsMark =>
  (before, after) =>
    [before, after.slice(0, 1)].some((near) => near === sign || near === "");

const MARKS: Readonly<Record<string, IsMark>> = {
  "\\": (_, after) => /^(?:$|[^0-9A-Za-z\s])/.test(after),
  "*": (before, after) => !(/\s/.test(before) && /^\s/.test(after)),
  _: (before, after, { underscores }) =>
    underscores || !(/[0-9A-Za-z]/.test(before) && /^[0-9A-Za-z]/.test(after)),
  "~": isRun("~"),
  "|": isRun("|"),
  "[": (_before, _after, { brackets }) => brackets,
  "<": (_, after) => after === "" || after.toLowerCase() === "http",
};

/** Text that looks like a heading, a list, a quote or small print. */
const BLOCK_SIGN = /^( *)(?=>{1,3} |#{1,3} |-# |[-*+] )|^( *\d+)(?=\. )/gm;

/** Keeps lines of text from starting a block. */
export const escapeLineStarts = (text: string): string => text.replaceAll(BLOCK_SIGN, "$&\\");

/** Every mark, for text that must not be read as Markdown at all. */
export const escapeAll = (text: string): string =>
  escapeLineStarts(text.replaceAll(/[\\`*_~|[<]/g, "\\$&"));
