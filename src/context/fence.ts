import { cleanName } from "../conversation/names.ts";

/** The tags that bound what others wrote. No text inside one can open or close one. */
export type FenceTag =
  | "said"
  | "team-answer"
  | "team-remark"
  | "thread-file"
  | "thread-note"
  | "thread-summary"
  | "your-reply";

// Also with blanks or invisible characters between: a model may read over those.
const ANY_FENCE =
  /[<＜﹤](?=[\s\p{Cf}/\\]{0,8}(?:said|team-answer|team-remark|thread-file|thread-note|thread-summary|your-reply)(?![\p{L}\p{N}]))/giu;

// Control characters carry no words, and some providers reject them.
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** Text of others as it may stand inside a fence: unchanged, except for what looks like a fence, broken surrogates and control characters. */
export const plainText = (text: string): string =>
  text.toWellFormed().replace(CONTROL, "").replace(ANY_FENCE, "&lt;");

/** Puts text of others between tags. */
export const fence = (tag: FenceTag, text: string, attributes = ""): string =>
  `<${tag}${attributes}>\n${plainText(text)}\n</${tag}>`;

/** A message of a person or another bot, by name. */
export const said = (author: string, text: string): string =>
  fence("said", `${cleanName(author)}: ${text}`);

/** The part of a file's name that may stand in an attribute. */
export const attribute = (name: string, value: string): string =>
  ` ${name}="${plainText(value)
    .replace(/[\s<>"]+/g, " ")
    .trim()
    .slice(0, 80)
    .toWellFormed()}"`;
