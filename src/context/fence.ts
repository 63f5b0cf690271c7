import { cleanName } from "../conversation/names.ts";
import { withoutTags } from "./tag-shapes.ts";

/** The tags that bound what others wrote. No text inside one can open or close one. */
export type FenceTag =
  | "said"
  | "team-answer"
  | "team-remark"
  | "thread-file"
  | "thread-note"
  | "thread-summary"
  | "your-reply";

// Control characters carry no words, and some providers reject them.
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** Text of others as it may stand inside a fence: unchanged, except for what looks like a tag, broken surrogates and control characters. */
export const plainText = (text: string): string =>
  withoutTags(text.toWellFormed().replace(CONTROL, ""));

/** How the prompts of one thread bound what others wrote. */
export interface Fences {
  /** Puts text of others between tags. */
  readonly fence: (tag: FenceTag, text: string, attributes?: string) => string;
  /** A message of a person or another bot, by name. */
  readonly said: (author: string, text: string) => string;
}

/** Tags that end with a code which nobody in the thread knows ("said-5d0c93f1"), so that even a shape we do not recognise closes none. */
export function createFences(code: string): Fences {
  const fence: Fences["fence"] = (tag, text, attributes = "") => {
    const name = code === "" ? tag : `${tag}-${code}`;
    return `<${name}${attributes}>\n${plainText(text)}\n</${name}>`;
  };
  return { fence, said: (author, text) => fence("said", `${cleanName(author)}: ${text}`) };
}

/** The part of a file's name that may stand in an attribute. */
export const attribute = (name: string, value: string): string =>
  ` ${name}="${plainText(value)
    .replace(/[\s<>"]+/g, " ")
    .trim()
    .slice(0, 80)
    .toWellFormed()}"`;
