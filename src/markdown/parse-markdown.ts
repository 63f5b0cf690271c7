import { finish, type Steps } from "../slices.ts";
import { readDefinitions } from "./definitions.ts";
import { flattenNesting } from "./flatten-nesting.ts";
import { joinBlocks } from "./join-blocks.ts";
import { type MarkdownBlock, type ParseOptions, parseSection } from "./parse-section.ts";
import { type Most, readSections } from "./sections.ts";

export type { MarkdownBlock } from "./parse-section.ts";

/**
 * The blocks of a text that `flattenNesting` has gone over, whose lines end with "\n". Takes time linear in the text, whatever it holds: it
 * is parsed in sections of limited size. Positions are offsets alone. No tree is deeper than some 30 nodes.
 */
export function* parsingMarkdown(
  text: string,
  options: ParseOptions & { readonly most?: Most } = { findsLinks: true },
): Steps<MarkdownBlock[]> {
  const definitions = readDefinitions(text);
  const blocks: MarkdownBlock[] = [];
  for (const section of readSections(text, options.most)) {
    const needed = definitions(text.slice(section.from, section.to));
    joinBlocks(blocks, parseSection(text, section, needed, options), section, text);
    yield;
  }
  return blocks;
}

/** The blocks of any text, with what nests too deep shown flat. */
export const parsingAnyMarkdown = (text: string): Steps<MarkdownBlock[]> =>
  parsingMarkdown(flattenNesting(text.replace(/\r\n?/g, "\n")));

/** The same at once: for texts of some 10,000 characters at most, or where nobody waits. */
export const parseMarkdown = (text: string): MarkdownBlock[] => finish(parsingAnyMarkdown(text));
