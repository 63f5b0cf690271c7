const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Text as Slack wants it outside of its own `<…>` tokens; code and all else stays as it is. */
export const escapeText = (text: string): string =>
  text.replaceAll(/[&<>]/g, (character) => ESCAPES[character] ?? character);

/** Cuts an escaped or plain text to a length in UTF-16 code units, never inside a surrogate pair or an escape. */
export const cutText = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text.slice(0, most - 1).replace(/(?:[\uD800-\uDBFF]|&[a-z]{0,3})$/, "")}…`;
