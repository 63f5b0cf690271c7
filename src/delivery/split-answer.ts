import type { Capabilities } from "../platform.ts";
import { splitMarkdown } from "./split.ts";

const WHOLE_ANSWER = "answer.md";
const NOTE = `\n\n*Too long for messages: the whole answer is in ${WHOLE_ANSWER}.*`;

/** The parts a final is posted in; or, when those are too many, its beginning beside the whole of it as a file. */
export function splitAnswer(
  text: string,
  { maxTextLength, maxParts }: Pick<Capabilities, "maxTextLength" | "maxParts">,
): { readonly parts: readonly string[]; readonly fileName?: string } {
  const parts = splitMarkdown(text, maxTextLength);
  if (parts.length <= maxParts) return { parts };
  const [beginning = ""] = splitMarkdown(text, maxTextLength - NOTE.length);
  return { parts: [beginning + NOTE], fileName: WHOLE_ANSWER };
}
