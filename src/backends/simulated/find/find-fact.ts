import { asSentence, listed, type Finder, type Finding } from "../search.ts";
import { formatFact, type Fact } from "../thread-facts.ts";
import { isQuestion, overlap } from "../words.ts";

/** The fact with the most matching words. Ties go to the reader's own facts, then to the latest. */
export function bestFact(
  facts: readonly Fact[],
  wanted: ReadonlySet<string>,
  reader: string,
): Fact | null {
  const scored = facts.map((fact, order) => ({
    fact,
    score:
      2 * overlap(wanted, fact.subject) +
      overlap(wanted, fact.value) +
      (fact.author === reader ? 0.5 : 0) +
      order / (facts.length * 10),
  }));
  const [best] = scored.toSorted((a, b) => b.score - a.score);
  return best && best.score >= 1 ? best.fact : null;
}

export const fromFact = (fact: Fact, asker: string): Finding => ({
  kind: "fact",
  claim: asSentence(formatFact(fact, asker)),
  source: fact,
  key: fact.value,
});

const WHO_AM_I =
  /\bwho am i\b|\bwhat am i called\b|\bmy name\b|\bwie hei(ß|ss)e ich\b|\bwer bin ich\b|\bmein name\b|我叫什么|我是谁|我的名字/i;

/** Answers "What is the budget?" from a stated fact. */
export const findFact: Finder = ({ question, wanted, facts, asker }) => {
  const name = WHO_AM_I.test(question)
    ? facts.findLast(({ subject, author }) => subject === "name" && author === asker)
    : undefined;
  const fact = name ?? bestFact(facts, wanted, asker);
  return fact && fromFact(fact, asker);
};

const RECAP =
  /\b(summari[sz]e|summary|recap|sum (it|this|that|everything) up|what (do|have) (you|we) (know|said|told))\b/i;

/** "Summarise the thread." */
export const findRecap: Finder = ({ question, facts, asker }) => {
  const [first] = facts;
  if (!first || !RECAP.test(question)) return null;
  const claim = listed("What this thread holds:", facts, asker);
  return { kind: "recap", claim, source: first, key: first.value };
};

/** A message that states something without a question. */
export const findNews: Finder = ({ question, newFacts, asker }) => {
  const [first] = newFacts;
  if (!first || isQuestion(question)) return null;
  const claim =
    newFacts.length === 1
      ? `Noted: ${asSentence(formatFact(first, asker))}`
      : listed("Noted:", newFacts, asker);
  return { kind: "noted", claim, source: first, key: first.value };
};
