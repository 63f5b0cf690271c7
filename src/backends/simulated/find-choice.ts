import type { Finder, Search } from "./search.ts";
import { capitalised, isQuestion, keywordsOf, overlap, sentencesOf } from "./words.ts";

const NEXT_PHRASE = /\s+(?:for|in|on|at|with|when|if|to|as|this|next|because|than)\b.*$/i;

/** The two things of "this or that?", as many words before the "or" as after it. */
export function optionsIn(question: string): readonly [string, string] | null {
  const [, before, after] = /^(.*?),?\s+or\s+([^?.,;]+)/is.exec(question) ?? [];
  const second = after?.replace(NEXT_PHRASE, "").trim();
  if (!before || !second) return null;
  const words = second.split(/\s+/).length;
  const first = before
    .trim()
    .split(/[\s,]+/)
    .slice(-words)
    .join(" ");
  return keywordsOf(first).size > 0 ? [first, second] : null;
}

const mentionOf = (option: string, { statements }: Search) =>
  statements
    .flatMap(({ author, text }) => sentencesOf(text).map((sentence) => ({ author, sentence })))
    .findLast(
      ({ sentence }) => !isQuestion(sentence) && overlap(keywordsOf(option), sentence) > 0,
    ) ?? null;

/** "Postgres or SQLite?": what the thread speaks for, else what the seat likes better. */
export const findChoice: Finder = (search) => {
  const options = optionsIn(search.question);
  if (!options) return null;
  const [first, second] = options;
  const forFirst = mentionOf(first, search);
  const forSecond = mentionOf(second, search);
  const undecided = (forFirst === null) === (forSecond === null);
  const takesFirst = undecided ? search.taste < 0.5 : forFirst !== null;
  const key = takesFirst ? first : second;
  return {
    kind: "choice",
    claim: `${capitalised(key)} rather than ${takesFirst ? second : first}.`,
    source: takesFirst ? forFirst : forSecond,
    key,
  };
};
