const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Escapes text outside of Slack's own `<…>` tokens. */
export const escapeText = (text: string): string =>
  text.replaceAll(/[&<>]/g, (character) => ESCAPES[character] ?? character);

/** Cuts an escaped or plain text to a length in UTF-16 code units, never inside a surrogate pair or an escape. */
export const cutText = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text.slice(0, most - 1).replace(/(?:[\uD800-\uDBFF]|&[a-z]{0,3})$/, "")}…`;

/** A zero-width space: it breaks a mention and is not visible. */
const BREAK = "\u200B";

// The character itself, or an entity that Markdown turns into it. Backslashes before what follows are ignored.
const LESS = "(?:<|&lt;?|&#0*60;?|&#x0*3c;?)";
const BANG = "(?:!|&excl;|&#0*33;?|&#x0*21;?)";
const AT = "(?:@|&commat;|&#0*64;?|&#x0*40;?)";
const IGNORED = "[\\\\\\u200B-\\u200D\\u2060\\uFEFF]*";

/** `<!channel>`, `<!subteam^S012>`, `<@U012AB3CD>`. */
const TOKEN = new RegExp(
  `(${LESS})(?=${IGNORED}(?:${BANG}${IGNORED}(?:channel|here|everyone|group|subteam)|${AT}${IGNORED}[a-z0-9]+(?:[|>]|&gt|&#)))`,
  "gi",
);
/** `@channel` as people type it; not in addresses (`me@here.org`). */
const SPOKEN = new RegExp(
  `(?<![\\p{L}\\p{N}])(${AT})(?=\\\\*(?:channel|here|everyone|group)\\b)`,
  "giu",
);

/**
 * Breaks every mention of people, groups and channels, so that the text of a model notifies nobody. The text reads the same;
 * `<!DOCTYPE html>` and annotations in code stay as they are.
 */
export const withoutPings = (text: string): string =>
  withoutTokens(text).replaceAll(SPOKEN, `$1${BREAK}`);

/** Breaks only what Slack itself writes for a mention: `<!channel>`, `<@U012AB3CD>`. */
export const withoutTokens = (text: string): string => text.replaceAll(TOKEN, `$1${BREAK}`);
