import { escapeMarkdown } from "discord.js";

/** Discord's limit. */
const LONGEST = 100;
/** The first line with words in it stands well before. */
const LONGEST_READ = 2_000;
/** A name this long is read at a glance. */
const USUAL = 70;

// What Markdown and mentions leave behind in a line of plain text.
const MARKUP = /^[\s>#*+-]+|[*_~`|\\]+|\[([^[\]]*)\]\([^()]*\)/g;

/** What a thread is called: the question's first line, cut between words. */
export function threadName(question: string, asker: string): string {
  const lines = question
    .slice(0, LONGEST_READ)
    .toWellFormed()
    .split("\n")
    .map((line) => plainLine(line))
    .filter((line) => line !== "");
  const line = lines[0] ?? `${asker} asks`;
  return cutLine(line.length <= LONGEST ? line : shorten(line), LONGEST);
}

const plainLine = (line: string): string =>
  line
    .replace(MARKUP, (_, label: string | undefined) => label ?? "")
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();

function shorten(line: string): string {
  const end = line.lastIndexOf(" ", USUAL);
  return `${line.slice(0, end > USUAL / 2 ? end : USUAL).trimEnd()}…`;
}

/** Cuts a line without cutting through a character. */
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

/** What is escaped of a line; `escapeMarkdown` takes time with the cube of its length for some. */
const LONGEST_ESCAPED = 400;

/** A name or a line from outside as plain text: no marks, no links, no mentions. */
export const escapeName = (text: string): string =>
  escapeMarkdown(cutLine(text, LONGEST_ESCAPED), {
    heading: true,
    bulletedList: true,
    numberedList: true,
    maskedLink: true,
  }).replaceAll(/[<@#](?=[\w&!/])/g, "$&\u200B");
