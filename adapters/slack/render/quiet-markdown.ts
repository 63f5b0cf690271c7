import { codeRegions } from "../../../src/links/code-regions.ts";
import { type MarkdownBlock, parsingMarkdown } from "../../../src/markdown/parse-markdown.ts";
import { finish } from "../../../src/slices.ts";
import { type Block, section } from "./blocks.ts";
import { withoutPings, withoutTokens } from "./escape.ts";
import { blockText } from "./mrkdwn.ts";
import { preformatted } from "./rich-text.ts";

/**
 * Markdown that notifies nobody, with its code byte for byte. Code in which Slack might see a mention (`<!channel>`) stands in blocks that
 * Slack takes literally.
 */
export function quietBlocks(markdown: string): readonly Block[] {
  const quiet = quietMarkdown(markdown);
  const blocks: Block[] = [];
  let from = 0;
  const add = (text: string) => {
    if (text.trim() !== "") blocks.push({ type: "markdown", text: text.trim() });
  };
  for (const block of isRisky(quiet) ? finish(parsingMarkdown(quiet)) : []) {
    const { start, end } = block.position ?? {};
    if (start?.offset === undefined || end?.offset === undefined) continue;
    if (!isRisky(quiet.slice(start.offset, end.offset))) continue;
    add(quiet.slice(from, start.offset));
    blocks.push(literal(block));
    from = end.offset;
  }
  add(quiet.slice(from));
  return blocks.length > 0 ? blocks : [{ type: "markdown", text: "—" }];
}

const literal = (block: MarkdownBlock): Block =>
  block.type === "code" ? preformatted(block.value) : section(blockText(block));

/** Mentions are broken everywhere but in code. */
function quietMarkdown(markdown: string): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { from, to } of codeRegions(markdown)) {
    pieces.push(withoutPings(markdown.slice(done, from)), markdown.slice(from, to));
    done = to;
  }
  return [...pieces, withoutPings(markdown.slice(done))].join("");
}

/** Whether its code holds what Slack itself writes for a mention. */
const isRisky = (text: string): boolean =>
  codeRegions(text).some(({ from, to }) => {
    const code = text.slice(from, to);
    return withoutTokens(code) !== code;
  });
