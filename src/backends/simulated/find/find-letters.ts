import type { Finder, Finding } from "../search.ts";

const sum = (claim: string, key: string): Finding => ({ kind: "sum", claim, source: null, key });

const OF_LETTER =
  /how many\s+["'“]?(\p{L})["'”]?(?:['’]?s)?\s+(?:are\s+)?(?:there\s+)?(?:in|does)\s+(?:the word\s+)?["'“]?(\p{L}+)/iu;
const LETTERS =
  /how many (?:letters|characters)\s+(?:are\s+)?(?:there\s+)?(?:in|does|has)\s+(?:the word\s+)?["'“]?(\p{L}+)/iu;
const REVERSE = /\b(?:reverse|spell backwards)\s+(?:the word\s+)?["'“]?(\p{L}+)/iu;

/** "How many r's are in strawberry?": counted, letter by letter. */
export const findLetters: Finder = ({ question }) => {
  const [, letter, inWord] = OF_LETTER.exec(question) ?? [];
  if (letter !== undefined && inWord !== undefined) {
    const count = Array.from(inWord.toLowerCase()).filter(
      (one) => one === letter.toLowerCase(),
    ).length;
    return sum(
      `“${inWord}” has ${count} “${letter.toLowerCase()}”: ${Array.from(inWord).join("-")}.`,
      `has ${count}`,
    );
  }
  const word = LETTERS.exec(question)?.[1];
  if (word !== undefined) {
    const count = Array.from(word).length;
    return sum(`“${word}” has ${count} letters.`, `${count} letters`);
  }
  const reversed = REVERSE.exec(question)?.[1];
  if (reversed === undefined) return null;
  const key = Array.from(reversed).toReversed().join("");
  return sum(`“${reversed}” backwards is “${key}”.`, key);
};
