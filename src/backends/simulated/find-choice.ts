import { fromFact } from "./find-fact.ts";
import type { Finder, Search } from "./search.ts";
import { capitalised, isQuestion, keywordsOf, lowerFirst, overlap, sentencesOf } from "./words.ts";

const NEXT_PHRASE = /\s+(?:for|in|on|at|with|when|if|to|as|this|next|because|than)\b.*$/i;

/** The two options in "this or that?", with as many words before the "or" as after it. */
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
  if (keywordsOf(first).size === 0) return null;
  // In "Tea or coffee?", the capital only starts the sentence.
  const begins = before.trim() === first && second === lowerFirst(second);
  return [begins ? lowerFirst(first) : first, second];
}

const mentionOf = (option: string, { statements }: Search) =>
  statements
    .flatMap(({ author, text }) => sentencesOf(text).map((sentence) => ({ author, sentence })))
    .findLast(
      ({ sentence }) => !isQuestion(sentence) && overlap(keywordsOf(option), sentence) > 0,
    ) ?? null;

/** The fact whose value equals the option. */
const factFor = (option: string, { facts }: Search) =>
  facts.findLast(({ value }) => overlap(keywordsOf(option), value) > 0);

/** "Postgres or SQLite?": the option that the thread supports, else the agent's preference. */
export const findChoice: Finder = (search) => {
  const options = optionsIn(search.question);
  if (!options) return null;
  const [first, second] = options;
  const settled = factFor(first, search) ?? factFor(second, search);
  if (settled && !(factFor(first, search) && factFor(second, search))) {
    return fromFact(settled, search.asker);
  }
  const forFirst = mentionOf(first, search);
  const forSecond = mentionOf(second, search);
  const undecided = (forFirst === null) === (forSecond === null);
  const takesFirst = undecided ? search.taste < 0.5 : forFirst !== null;
  const key = `${capitalised(takesFirst ? first : second)} rather than`;
  return {
    kind: "choice",
    claim: `${key} ${takesFirst ? second : first}.`,
    source: takesFirst ? forFirst : forSecond,
    key,
  };
};
