import { resolveLabels } from "./find-label.ts";
import { type Pair, readScore } from "./read-score.ts";

/** Models that make no call write lines, table rows or tags. A line has a name, a sign, and a score. */
const LINE =
  /^[\s>*|#-]*(?:\d{1,3}[.)]\s+)?(.{1,60}?)\s*(?:[:=|–—]|->|→|\s-\s)+\s*(?:\*+\s*)?([^|\n]{1,120}?)\s*(?:\|.*)?$/;
/** Characters of a line that is read: the pattern takes up to the square of them. */
const LONGEST_LINE = 300;
/** `<score answer="A">8</score>`, `<answer label="A" score="8"/>`, `<A>8</A>`. */
const TAGGED = /<(?:score|answer|rating|vote|item|entry)\b([^<>]*?)\/?>(?:([^<>]{1,60})<\/)?/gi;
const LETTER = /<([A-Z])>([^<>]{1,60})<\/\1>/g;
/** "A: 8, B: 7" on one line. */
const INLINE =
  /(?:^|[,;\s[({])([\p{L}_ ]{0,20}?[A-Z])\s{0,9}[:=]\s{0,9}(\d[\d.,/]{0,20}(?:\s{0,9}%)?)(?=$|[,;\s)\]}])/gu;
const LONGEST = 20_000;

/** Names with scores from a text. Empty unless every label has exactly one: lines of prose may look alike. */
export function readScoreLines(text: string, labels: readonly string[]): readonly Pair[] {
  if (text.length > LONGEST) return [];
  for (const read of [tagged, lines, inline]) {
    const pairs = read(text).filter(([, score]) => score !== undefined);
    const known = resolveLabels(
      pairs.map(([name]) => name),
      labels,
    );
    const found = pairs.filter((_, at) => known[at] !== undefined);
    const isWhole = labels.every((label) => known.filter((one) => one === label).length === 1);
    if (isWhole && found.length === labels.length) return found;
  }
  return [];
}

const lines = (text: string): readonly Pair[] =>
  text.split("\n").flatMap((line): Pair[] => {
    const [, name, score] = (line.length <= LONGEST_LINE && LINE.exec(line)) || [];
    return name === undefined ? [] : [[name, readScore(score)]];
  });

const inline = (text: string): readonly Pair[] =>
  Array.from(text.matchAll(INLINE), ([, name, score = ""]) => [
    name,
    readScore(score.replace(/[.,]$/, "")),
  ]);

function tagged(text: string): readonly Pair[] {
  const named = Array.from(text.matchAll(TAGGED), ([, attributes = "", body]): Pair => {
    const name = /\b(?:label|answer|id|for|name|of)\s*=\s*["']?([^"'\s>]+)/i.exec(attributes)?.[1];
    const score = /\b(?:score|value|rating|points)\s*=\s*["']?([^"'\s>]+)/i.exec(attributes)?.[1];
    return [name, readScore(score ?? body)];
  });
  const lettered = Array.from(text.matchAll(LETTER), ([, name, body]): Pair => [
    name,
    readScore(body),
  ]);
  return [...named, ...lettered];
}
