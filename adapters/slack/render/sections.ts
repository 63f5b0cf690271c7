import type { Steps } from "../../../src/slices.ts";
import { type Block, section } from "./blocks.ts";
import { layingOut } from "./mrkdwn.ts";
import { preformatted, type RichText } from "./rich-text.ts";

/** Turns Markdown into sections, where Slack shows no markdown block: modals, the home tab, messages whose blocks it refused. */
export function* markdownSections(markdown: string): Steps<readonly Block[]> {
  const blocks: Block[] = [];
  let texts: string[] = [];
  const pack = () => {
    blocks.push(...packSections(texts).map((text) => section(text)));
    texts = [];
  };
  for (const part of yield* layingOut(markdown)) {
    if (typeof part === "string") texts.push(part);
    else {
      pack();
      blocks.push(...cutCode(part));
    }
  }
  pack();
  return blocks;
}

/** Code as one block, or as several if it is long. */
export function cutCode(block: RichText): readonly RichText[] {
  const [only] = block.elements;
  const [text] = only?.type === "rich_text_preformatted" ? only.elements : [];
  return text?.type === "text" ? cutLines(text.text, LONGEST).map(preformatted) : [block];
}

/** A section takes 3,000 characters. */
const LONGEST = 2_900;
export const FENCE = "```";

/** Packs texts in Slack's marks into as few sections as possible; nothing is lost. */
export function packSections(texts: readonly string[], gap = "\n\n"): readonly string[] {
  const packed: string[] = [];
  for (const piece of texts.flatMap(cutToFit)) {
    const last = packed.at(-1);
    const joined = last === undefined ? piece : `${last}${gap}${piece}`;
    if (last === undefined || joined.length > LONGEST) packed.push(piece);
    else packed[packed.length - 1] = joined;
  }
  return packed;
}

function cutToFit(text: string): readonly string[] {
  if (text.length <= LONGEST) return [text];
  if (!text.startsWith(`${FENCE}\n`)) return cutLines(text, LONGEST);
  const code = text.slice(FENCE.length + 1, -FENCE.length - 1);
  return cutLines(code, LONGEST - 2 * FENCE.length - 2).map(
    (part) => `${FENCE}\n${part}\n${FENCE}`,
  );
}

/** Cuts between lines if possible, else between words, else anywhere except inside a character, a link or an escape. */
function cutLines(text: string, most: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const at = cutAt(rest.slice(0, most));
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^\n| /, "");
  }
  return [...parts, rest].filter((part) => part.trim() !== "");
}

function cutAt(head: string): number {
  const half = head.length / 2;
  const line = head.lastIndexOf("\n");
  if (line > half) return line;
  const word = head.lastIndexOf(" ");
  if (word > half && !isInToken(head.slice(0, word))) return word;
  const whole = head.replace(/(?:[\uD800-\uDBFF]|&[a-z]{0,3}|<[^<>]{0,1000})$/, "");
  return whole.length > 0 ? whole.length : head.length;
}

const isInToken = (head: string): boolean => head.lastIndexOf("<") > head.lastIndexOf(">");
