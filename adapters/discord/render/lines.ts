import { showMoments } from "../../../src/progress/moments.ts";
import { escapeMarkdown } from "discord.js";

/** Discord's limit for a thread's name. */
const LONGEST_NAME = 100;
/** The first line with words is well within this. */
const LONGEST_READ = 2_000;
/** Readable at a glance. */
const COMFORTABLE = 70;

// Markup in a line of plain text; not the signs of `snake_case`, `#️⃣` and `C:\temp`.
const MARKUP =
  /^(?:[\s>#*+\-](?!\uFE0F))+|[*`](?!\uFE0F)|~~|\|\||\\([\p{P}\p{S}])|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|\[([^\[\]]*)\]\([^\(\)]*\)/gv;

// Joiners belong to emoji, and to words in Persian and Indian scripts.
const INVISIBLE = /(\p{RGI_Emoji}|(?<=\p{L}\p{M}?)[\u200C\u200D](?=\p{L}))|[\p{Cc}\p{Cf}\s]+/gv;

/** A thread's name: the question's first line, cut between words. */
export function threadName(question: string, asker: string): string {
  const lines = question
    .slice(0, LONGEST_READ)
    .toWellFormed()
    .split("\n")
    .map((line) => plainLine(line))
    .filter((line) => line !== "");
  const line = lines[0] ?? `${asker} asks`;
  return cutLine(line.length <= LONGEST_NAME ? line : shorten(line), LONGEST_NAME);
}

const plainLine = (line: string): string =>
  line
    .replace(
      MARKUP,
      (_, escaped: string | undefined, label: string | undefined) => escaped ?? label ?? "",
    )
    .replace(INVISIBLE, (_, kept: string | undefined) => kept ?? " ")
    .trim();

function shorten(line: string): string {
  const end = line.lastIndexOf(" ", COMFORTABLE);
  return end > COMFORTABLE / 2
    ? `${line.slice(0, end).trimEnd()}…`
    : cutLine(line, COMFORTABLE + 1);
}

/** Cuts a line between graphemes. */
export function cutLine(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept: string[] = [];
  let length = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    length += segment.length;
    if (length > most - 1) break;
    kept.push(segment);
  }
  return `${kept.join("").trimEnd()}…`;
}

/** For some texts `escapeMarkdown` takes time cubic in their length. */
const LONGEST_ESCAPED = 400;

/** Moments as Discord shows them: in each reader's time zone. */
export const withMoments = (text: string): string =>
  showMoments(text, (seconds) => `<t:${seconds}:f>`);

/** A name or line from outside as plain text, without Markdown, links and mentions. */
export const escapeName = (text: string): string =>
  escapeMarkdown(cutLine(text, LONGEST_ESCAPED), {
    heading: true,
    bulletedList: true,
    numberedList: true,
    maskedLink: true,
  }).replaceAll(/[<@#](?=[\w&!/])/g, "$&\u200B");
