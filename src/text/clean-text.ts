import { stripVTControlCharacters } from "node:util";

// Directional overrides and isolates make text read as something else; annotations, tags and deprecated format characters hide text.
const INVISIBLE = /[\u061C\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
const CONTROLS = /(?![\n\t])\p{Cc}/gu;

/** Text from outside, safe to show: no escape sequence, control character (but line feed and tab), or directional trick survives. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(CONTROLS, "")
    .replace(INVISIBLE, "");
}

/** `cleanText` on one line. */
export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/g, " ").trim();

const UNSAFE =
  /(?![\n\t])\p{Cc}|[\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu;

/** The text with every character that `cleanText` would drop shown as in JSON ("\u001b"): for logs, which hide nothing. */
export const escapeControls = (text: string): string =>
  text.replace(UNSAFE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
