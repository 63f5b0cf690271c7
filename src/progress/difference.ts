import { cleanLine } from "../text/clean-text.ts";
import { excerpt } from "./failure-words.ts";

/** Answers differ early, or not in a way that two sentences could tell. */
const LONGEST_READ = 8_000;
const SENTENCES = 2;
const LONGEST = 280;

/** The first sentences of an answer that another one does not have; "" if it has them all. At most 280 UTF-16 code units, on one line. */
export function differenceFrom(posted: string, other: string): string {
  const known = new Set(sentencesOf(posted).map(wordsOf));
  const own = sentencesOf(other).filter((sentence) => {
    const words = wordsOf(sentence);
    return words !== "" && !known.has(words);
  });
  return excerpt(own.slice(0, SENTENCES).join(" "), LONGEST);
}

const MARKS = /[*_`#>|~]+/g;
const END = /[.!?…。！？]+["'”’)\]]?(?:\s|$)|[。！？]/g;

/** Sentences and lines, without the marks of Markdown. */
function sentencesOf(text: string): readonly string[] {
  const lines = text.slice(0, LONGEST_READ).split("\n");
  return lines.flatMap((line) => {
    const plain = cleanLine(line.replaceAll(MARKS, ""));
    const sentences: string[] = [];
    let from = 0;
    for (const { 0: end, index } of plain.matchAll(END)) {
      sentences.push(plain.slice(from, index + end.length));
      from = index + end.length;
    }
    return [...sentences, plain.slice(from)].map((one) => one.trim()).filter((one) => one !== "");
  });
}

/** Without case, marks and spaces. */
const wordsOf = (sentence: string): string =>
  sentence
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
