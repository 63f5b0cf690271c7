const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Text as Slack wants it outside of its own `<…>` tokens; code and all else stays as it is. */
export const escapeText = (text: string): string =>
  text.replaceAll(/[&<>]/g, (character) => ESCAPES[character] ?? character);

/** Cuts an escaped or plain text to a length in UTF-16 code units, never inside a surrogate pair or an escape. */
export const cutText = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text.slice(0, most - 1).replace(/(?:[\uD800-\uDBFF]|&[a-z]{0,3})$/, "")}…`;

/** A space of no width: it breaks a mention and shows nothing. */
const BREAK = "\u200B";

// What Markdown turns into the character on its way out: itself, or an entity; a backslash before what follows counts for nothing.
const LESS = "(?:<|&lt;?|&#0*60;?|&#x0*3c;?)";
const BANG = "(?:!|&excl;|&#0*33;?|&#x0*21;?)";
const AT = "(?:@|&commat;|&#0*64;?|&#x0*40;?)";
const IGNORED = "[\\\\\\u200B-\\u200D\\u2060\\uFEFF]*";

/** `<!channel>`, `<!subteam^S012>`, `<@U012AB3CD>`. */
const TOKEN = new RegExp(
  `(${LESS})(?=${IGNORED}(?:${BANG}${IGNORED}(?:channel|here|everyone|group|subteam)|${AT}${IGNORED}[a-z0-9]+(?:[|>]|&gt|&#)))`,
  "gi",
);
/** `@channel` as people type it; addresses (`me@here.org`) are none. */
const SPOKEN = new RegExp(
  `(?<![\\p{L}\\p{N}])(${AT})(?=\\\\*(?:channel|here|everyone|group)\\b)`,
  "giu",
);

/**
 * The text with every mention of people, groups or channels broken, so that what a model wrote calls nobody. Reads the same; `<!DOCTYPE html>`
 * and annotations in code stay as they are.
 */
export const withoutPings = (text: string): string =>
  text.replaceAll(TOKEN, `$1${BREAK}`).replaceAll(SPOKEN, `$1${BREAK}`);
