import type { Finder } from "../search.ts";
import { isQuestion, overlap, quote, sentencesOf } from "../words.ts";

const HALF = 0.5;

/** The sentence in the thread with the most words of the question, if it has at least half of them. */
export const findSentence: Finder = ({ question, wanted, statements, asker }) => {
  const sentences = statements
    .flatMap(({ author, text }) => sentencesOf(text).map((sentence) => ({ author, sentence })))
    .filter(({ sentence }) => !isQuestion(sentence) && !question.includes(sentence))
    .map((source) => ({ source, score: overlap(wanted, source.sentence) }));
  const best = Math.max(0, ...sentences.map(({ score }) => score));
  const found = sentences.findLast(({ score }) => score === best);
  if (!found || best === 0 || best < wanted.size * HALF) return null;
  const { author, sentence } = found.source;
  const who = author === asker ? "You" : author;
  return {
    kind: "quoted",
    claim: `${who} said: ${quote(sentence)}.`,
    source: found.source,
    key: quote(sentence).slice(1, 60),
  };
};

const SPEAKS_OF_ANSWERS =
  /\b(answer|said|say|above|earlier|before|that|shorter|longer|again|explain|more|why|sure)\b/i;
const SIMULATED = /^\[simulated\]\s*/i;

/** "Why?", "shorter, please": a follow-up on the last answer, not a question about a fact. */
export const findEarlierAnswer: Finder = ({ question, wanted, finals }) => {
  const last = finals.at(-1);
  if (last === undefined || (wanted.size > 1 && !SPEAKS_OF_ANSWERS.test(question))) return null;
  const sentence = sentencesOf(last.replace(SIMULATED, "")).find((words) => !words.endsWith(":"));
  if (sentence === undefined) return null;
  const source = { author: "Parley", sentence };
  return {
    kind: "earlier",
    claim: `The last answer in this thread was ${quote(sentence)}, and it stands.`,
    source,
    key: quote(sentence).slice(1, 60),
  };
};
