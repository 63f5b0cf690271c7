import { findCalculation, findCheapest, findShare } from "./find-amount.ts";
import { findChoice } from "./find-choice.ts";
import { findFact, findNews, findRecap } from "./find-fact.ts";
import { findComparison, findListResult, findNumberFact } from "./find-comparison.ts";
import { findLetters } from "./find-letters.ts";
import { findPeople, findWordsOf } from "./find-people.ts";
import { findEarlierAnswer, findSentence } from "./find-quote.ts";
import { findSmallTalk, ignoranceIn } from "./find-small-talk.ts";
import type { ReadPrompt } from "../read-prompt.ts";
import { listed, type Finder, type Finding, type Search } from "../search.ts";
import { factsIn, standingFacts } from "../thread-facts.ts";
import { isQuestion, keywordsOf, sentencesOf } from "../words.ts";

function admitIgnorance({ question, wanted, facts, asker }: Search): Finding {
  const words = [...wanted].filter((word) => /^\p{L}{3,}$/u.test(word) && word !== "what");
  const { lack, hint } = ignoranceIn(question, words.slice(0, 5).join(", "));
  const known = facts.slice(-5);
  const claim =
    known.length > 0 ? listed(`${lack}\n\nWhat it does hold:`, known, asker) : `${lack} ${hint}`;
  return { kind: "nothing", claim, source: null, key: known.at(-1)?.value ?? "" };
}

// The first one that applies gives the answer.
const FINDERS: readonly Finder[] = [
  findSmallTalk,
  findComparison,
  findListResult,
  findNumberFact,
  findLetters,
  findCalculation,
  findPeople,
  findShare,
  findCheapest,
  findNews,
  findRecap,
  findChoice,
  findFact,
  findWordsOf,
  findSentence,
  findEarlierAnswer,
];

/** The questions in a request, or the whole request if it has none. */
export function questionsIn(request: string): readonly string[] {
  const asked = sentencesOf(request).filter(isQuestion);
  if (asked.length === 0) return [request];
  return asked.flatMap((sentence) =>
    sentence.split(/,? and (?=(?:what|who|whose|where|when|which|how|the|my|our)\b)/i),
  );
}

/** The thread's answer to its request. If the thread does not decide, `taste` (0 ≤ x < 1) does. Never empty. */
export function findAnswers(prompt: ReadPrompt, taste: number): readonly Finding[] {
  const { statements, asker, request, finals } = prompt;
  const facts = standingFacts(factsIn(statements));
  const newFacts = factsIn([{ author: asker, text: request }]);
  const findings = questionsIn(request).map((question) => {
    const wanted = keywordsOf(question);
    const search: Search = { question, wanted, asker, facts, newFacts, statements, finals, taste };
    for (const find of FINDERS) {
      const finding = find(search);
      if (finding) return finding;
    }
    return admitIgnorance(search);
  });
  const found = findings.filter(({ kind }) => kind !== "nothing");
  return found.length > 0 ? found : findings.slice(0, 1);
}
