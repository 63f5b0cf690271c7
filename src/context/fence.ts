import { cleanName } from "../conversation/names.ts";
import { withoutTags } from "./tag-shapes.ts";

/** The tags that enclose untrusted text. Text inside them cannot open or close one. */
export type FenceTag =
  | "said"
  | "team-answer"
  | "team-check"
  | "team-remark"
  | "thread-file"
  | "thread-note"
  | "thread-summary"
  | "your-reply";

// Control characters have no meaning in text, and some providers reject them.
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** Makes untrusted text safe inside a fence: replaces tag lookalikes, lone surrogates and control characters. */
export const plainText = (text: string): string =>
  withoutTags(text.toWellFormed().replace(CONTROL, ""));

/** Fences untrusted text in one thread's prompts. */
export interface Fences {
  /** Encloses untrusted text in tags. */
  readonly fence: (tag: FenceTag, text: string, attributes?: string) => string;
  /** Fences a message from a person or another bot, with the author's name. */
  readonly said: (author: string, text: string) => string;
}

/** Tags with a secret suffix ("said-5d0c93f1"), so that even an unrecognised lookalike cannot close one. */
export function createFences(code: string): Fences {
  const fence: Fences["fence"] = (tag, text, attributes = "") => {
    const name = code === "" ? tag : `${tag}-${code}`;
    return `<${name}${attributes}>\n${plainText(text)}\n</${name}>`;
  };
  return { fence, said: (author, text) => fence("said", `${cleanName(author)}: ${text}`) };
}

/** The characters of a file name that are safe in an attribute. */
export const attribute = (name: string, value: string): string =>
  ` ${name}="${plainText(value)
    .replace(/[\s<>"]+/g, " ")
    .trim()
    .slice(0, 80)
    .toWellFormed()}"`;
