import { fromFact } from "./find-fact.ts";
import { type Language, languageOf } from "../language.ts";
import type { Finder, Search } from "../search.ts";
import { capitalised, isQuestion, keywordsOf, lowerFirst, overlap, sentencesOf } from "../words.ts";

const NEXT_PHRASE = / (?:for|in|on|at|with|when|if|to|as|this|next|because|than)\b.*/i;

/** The two options in "this or that?", with as many words before the "or" as after it. */
export function optionsIn(question: string): readonly [string, string] | null {
  const [, before, after] =
    /^(.*?)(?:,? (?:or|oder) |还是)([^?.,;？。]+)/i.exec(question.replaceAll(/\s+/g, " ")) ?? [];
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

const AGAINST =
  /\b(hate|dislike|against|avoid|not|no|never|bad|worse|don['’]t|can['’]t|allergic|hasse|nicht|keine?n?|gegen)\b|不/i;

/** What speaks for an option: a good word on it, or a bad one on the other. */
function praiseOf(option: string, other: string, search: Search) {
  const own = mentionOf(option, search);
  if (own && !isAgainst(option, own.sentence)) return own;
  const others = mentionOf(other, search);
  return others && isAgainst(other, others.sentence) ? others : null;
}

/** Only the part of the sentence that names the option counts. */
const isAgainst = (option: string, sentence: string): boolean =>
  sentence
    .split(/[,;]|\b(?:and|but|und|aber)\b/i)
    .some((part) => overlap(keywordsOf(option), part) > 0 && AGAINST.test(part));

/** The fact whose value equals the option. */
const factFor = (option: string, { facts }: Search) =>
  facts.findLast(({ value }) => overlap(keywordsOf(option), value) > 0);

/** The start of the claim, which tells it from its opposite, and the claim. */
function wordsFor(language: Language, taken: string, left: string): readonly [string, string] {
  if (language === "de") return [`Lieber ${taken} als`, `Lieber ${taken} als ${left}.`];
  if (language === "zh") return [`选${taken}，`, `选${taken}，不选${left}。`];
  const key = `${capitalised(taken)} rather than`;
  return [key, `${key} ${left}.`];
}

/** "Postgres or SQLite?": the option that the thread supports, else the agent's preference. */
export const findChoice: Finder = (search) => {
  const options = optionsIn(search.question);
  if (!options) return null;
  const [first, second] = options;
  const settled = factFor(first, search) ?? factFor(second, search);
  if (settled && !(factFor(first, search) && factFor(second, search))) {
    return fromFact(settled, search.asker);
  }
  const forFirst = praiseOf(first, second, search);
  const forSecond = praiseOf(second, first, search);
  const undecided = (forFirst === null) === (forSecond === null);
  const takesFirst = undecided ? search.taste < 0.5 : forFirst !== null;
  const [taken, left] = takesFirst ? [first, second] : [second, first];
  const [key, claim] = wordsFor(languageOf(search.question), taken, left);
  return {
    kind: "choice",
    claim,
    source: takesFirst ? forFirst : forSecond,
    key,
  };
};
