import { bodyOf, type Persona, type Quality } from "./personas.ts";
import type { ShownAnswer } from "./read-prompt.ts";
import type { Finding } from "./search.ts";
import { seededRandom } from "./seeded-random.ts";
import { quote, sentencesOf } from "./words.ts";

/** A reviewer's judgement: the arguments of the `vote` tool. */
export interface Judgement {
  readonly scores: readonly {
    readonly answer: string;
    readonly score: number;
    /** The label of an earlier answer with the same result, or ""; only where it is asked for. */
    readonly same_as?: string;
  }[];
  readonly reason: string;
  readonly objection: string;
  readonly objection_to: string;
}

/** The basis of a review. */
export interface Bench {
  readonly persona: Persona;
  readonly findings: readonly Finding[];
  /** Recognises the reviewer's own answer, to which it does not object. */
  readonly isOwn: (text: string) => boolean;
}

const MIDDLING = 3;
/** Answers with a higher score get no objection. */
const CONTENT = 7.5;

type Test = (text: string, findings: readonly Finding[]) => boolean;

const isRevised = (text: string): boolean =>
  /I was in doubt at first|looked for a reason against it/.test(text);
const isDoubting = (text: string): boolean =>
  !isRevised(text) &&
  /nobody (said|gave|confirmed|else)|cannot tell|rather say so|check it once more/i.test(text);
const isSourced = (text: string): boolean => text.includes("“");

/** An answer to an either-or question may quote the other option. */
const withoutQuotes = (text: string): string => text.replace(/“[^“”]*”/g, "");

/** Whether an answer contains the reviewer's own finding. */
export const isRight: Test = (text, findings) =>
  findings.every(({ kind, key }) => (kind === "choice" ? withoutQuotes(text) : text).includes(key));

const QUALITIES: readonly (readonly [Quality, Test])[] = [
  ["right", isRight],
  ["sourced", isSourced],
  ["short", (text) => !bodyOf(text).includes("\n\n")],
  ["doubting", isDoubting],
  ["revised", isRevised],
];

/** A taste bonus of up to one point, determined by the text alone. */
const taste = (text: string): number => Math.round(seededRandom(text)() * 10) / 10;

function score(text: string, { persona, findings }: Bench): number {
  const points = QUALITIES.map(([quality, has]) =>
    has(text, findings) ? persona.likes[quality] : 0,
  );
  const sum = points.reduce((total, point) => total + point, MIDDLING + taste(text));
  return Math.round(Math.min(10, Math.max(0, sum)) * 10) / 10;
}

const PRAISE: Readonly<Record<Quality, string>> = {
  right: "answers what was asked",
  sourced: "shows where in the thread that comes from",
  short: "wastes no word",
  doubting: "says what is not certain",
  revised: "takes up what the others found",
};

/** The claim at the start of an answer. */
const openingOf = (text: string): string =>
  sentencesOf(bodyOf(text)).find((sentence) => !sentence.endsWith(":")) ?? "";

function praise({ label, text }: ShownAnswer, { persona, findings }: Bench): string {
  const merits = QUALITIES.filter(
    ([quality, has]) => persona.likes[quality] > 0 && has(text, findings),
  ).map(([quality]) => PRAISE[quality]);
  const why = merits.length > 0 ? merits.join(" and ") : "comes closest";
  return `Answer ${label} ${why}: ${quote(openingOf(text))}. (A simulated judgement.)`;
}

function blame({ text }: ShownAnswer, { findings }: Bench): string {
  const doubt = sentencesOf(bodyOf(text)).find((sentence) => isDoubting(sentence));
  const missed = findings.find((finding) => !isRight(text, [finding]));
  if (missed) {
    const wrong = missed.kind === "choice" ? "is the wrong choice" : "is not what the thread says";
    return `${quote(openingOf(text))} ${wrong}: ${quote(missed.claim)}.`;
  }
  if (doubt !== undefined)
    return `${quote(doubt)} casts doubt on what nobody in the thread doubts.`;
  const omitted = findings.map(({ claim }) => sentencesOf(claim)[1]).find(isLeftOutOf(text));
  if (omitted !== undefined) {
    return `${quote(openingOf(text))} leaves out another reading: ${quote(omitted)}.`;
  }
  if (!isSourced(text) && findings.some(({ source }) => source !== null)) {
    return `${quote(openingOf(text))} is stated without saying where it comes from.`;
  }
  const [, ...more] = bodyOf(text).split("\n\n");
  return more.length > 0
    ? `${quote(sentencesOf(more.join(" "))[0] ?? "")} adds nothing that was asked for.`
    : "";
}

const isLeftOutOf = (text: string) => (sentence: string | undefined) =>
  sentence !== undefined && !text.includes(sentence);

/** Names for each answer the first one in the list that comes to the reviewer's own result as well. */
export function nameEquals(
  judgement: Judgement,
  shown: readonly ShownAnswer[],
  { findings }: Bench,
): Judgement {
  const right = shown.filter(({ text }) => isRight(text, findings)).map(({ label }) => label);
  const [first = ""] = right;
  const scores = judgement.scores.map((score) => ({
    ...score,
    same_as: right.slice(1).includes(score.answer) ? first : "",
  }));
  return { ...judgement, scores };
}

/** Scores all answers, praises the best and objects to the worst of the others, quoting them. */
export function judge(shown: readonly ShownAnswer[], bench: Bench): Judgement {
  const judged = shown
    .map((answer) => ({ answer, score: score(answer.text, bench) }))
    .toSorted((a, b) => b.score - a.score);
  const best = judged[0];
  const worst = judged.findLast(({ answer }) => !bench.isOwn(answer.text));
  const isEmpty = bench.findings.every(({ kind }) => kind === "talk" || kind === "nothing");
  const objects = !isEmpty && worst !== undefined && worst !== best && worst.score < CONTENT;
  const objection = objects ? blame(worst.answer, bench) : "";
  return {
    scores: judged.map(({ answer, score: points }) => ({ answer: answer.label, score: points })),
    reason: best ? praise(best.answer, bench) : "",
    objection,
    objection_to: objects && objection !== "" ? worst.answer.label : "",
  };
}
