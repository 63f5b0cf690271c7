// ECMA-48 sequences. Node's own pattern rescans the rest of a text at each open string, which takes hours for a megabyte; here a string ends
// where a terminal gives it up, at the next control character, and what is open loses its introducer alone.
const STRING = String.raw`(?:\x1B[\]PX^_]|[\x90\x98\x9D-\x9F])[^\x07\x18\x1A\x1B\x80-\x9F]*(?:\x07|\x1B\\|\x9C)`;
const CSI = String.raw`(?:\x1B\[|\x9B)[0-?]*[ -/]*[@-~]`;
const ESCAPE = String.raw`\x1B[ -/]*[0-~]`;
const SEQUENCES = new RegExp(`${STRING}|${CSI}|${ESCAPE}`, "g");

// Directional overrides and isolates make text read as something else; annotations, tags and deprecated format characters hide text.
const INVISIBLE = /[\u061C\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
const CONTROLS = /(?![\n\t])\p{Cc}/gu;

/** Text from outside, safe to show: no escape sequence, control character (but line feed and tab), or directional trick survives. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(SEQUENCES, "")
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
