import { languageOf } from "../language.ts";
import { countOf } from "./numbers.ts";
import type { Finder, Search } from "../search.ts";
import type { Statement } from "../thread-facts.ts";
import { isQuestion, quote, sentencesOf } from "../words.ts";
import { trimEndOf } from "../../../text/trim-end-of.ts";

const HOW_MANY =
  /\bhow many (?:are we|of us|people|persons|are there of us)\b|\bhow many\b.*\b(?:we|us|here|thread|group|team)\b|\bwie viele\b.*\b(?:wir|uns|hier|personen|leute)\b|几个人|多少人/i;
const WHO =
  /\bwho (?:are we|is here|is in (?:this|the) (?:thread|group|team)|else is here)\b|\bwer (?:sind wir|ist (?:hier|dabei))\b|有谁/i;

const WE_ARE =
  /\b(?:we are|we['’]re|there are|wir sind)\s+(?:now\s+)?(?<count>[\p{L}]+|\d{1,4})(?:\s+of us|\s+people|\s+personen|\s+leute)?(?:\s*[:,–-]\s*(?<names>.+))?/iu;
const WE_ARE_CHINESE = /我们(?:一共|总共)?有?(?<count>[一二两三四五六七八九十]|\d{1,4})个?人/u;
const NAMES_ALONE =
  /\b(?:we are|we['’]re|wir sind)\s+(?<names>\p{Lu}\p{L}+(?: ?, ?\p{Lu}\p{L}+)*(?: ?,)? ?(?:and|und) \p{Lu}\p{L}+)/u;

interface Told {
  readonly count: number;
  readonly names: string;
  readonly author: string;
  readonly sentence: string;
}

/** The latest statement of how many people take part. */
export function toldCount(statements: readonly Statement[]): Told | null {
  const told = statements.flatMap(({ author, text }) =>
    sentencesOf(text)
      .filter((sentence) => !isQuestion(sentence))
      .flatMap((sentence) => {
        const listed = NAMES_ALONE.exec(sentence)?.groups?.["names"];
        if (listed !== undefined) {
          const count = listed.split(/,(?: ?(?:and|und) )?| (?:and|und) /).length;
          return [{ count, names: listed, author, sentence }];
        }
        const { count = "", names = "" } =
          (WE_ARE.exec(sentence) ?? WE_ARE_CHINESE.exec(sentence))?.groups ?? {};
        const value = countOf(count);
        return value === null
          ? []
          : [{ count: value, names: trimEndOf(names, /[.!]/), author, sentence }];
      }),
  );
  return told.at(-1) ?? null;
}

const NOBODY = new Set(["", "Somebody"]);

const authorsIn = ({ statements }: Search): readonly string[] => [
  ...new Set(statements.map(({ author }) => author).filter((author) => !NOBODY.has(author))),
];

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

/** "How many are we?", "Who is here?": what somebody said of it, else who has written. */
export const findPeople: Finder = (search) => {
  const asksCount = HOW_MANY.test(search.question);
  if (!asksCount && !WHO.test(search.question)) return null;
  const told = toldCount(search.statements);
  if (told && (asksCount || told.names !== "")) {
    const { author, sentence, count } = told;
    const youAre = {
      en: `You are ${count}`,
      de: `Ihr seid ${count}`,
      zh: `你们一共 ${count} 个人`,
    }[languageOf(search.question)];
    const claim = `${youAre}${told.names === "" ? "" : `: ${told.names}`}.`;
    const key = asksCount ? youAre : told.names;
    return { kind: "fact", claim, source: { author, sentence }, key };
  }
  const authors = authorsIn(search);
  if (authors.length === 0) return null;
  const count = authors.length;
  const who = count === 1 ? "one person has" : `${count} people have`;
  const key = `${who} written in this thread`;
  return {
    kind: "fact",
    claim: `As far as I can see, ${key}: ${listOf(authors)}. There may be more.`,
    source: null,
    key,
  };
};

const SAID =
  /\bwhat (?:did|does|has)\s+(?<name>\p{L}[\p{L}'’-]*)\s+(?:say|said|write|think|mean|want)|\bwas (?:hat|sagt)\s+(?<german>\p{L}+)\s*(?:gesagt|dazu)?/iu;

/** "What did Bo say?", "Is Bo coming?": that person's own words. */
export const findWordsOf: Finder = (search) => {
  const { question, statements, asker } = search;
  const { name, german } = SAID.exec(question)?.groups ?? {};
  const wanted = (name ?? german)?.toLowerCase();
  const isWanted = (author: string): boolean => {
    const lower = author.toLowerCase();
    if (wanted !== undefined)
      return wanted === lower || (/^(i|ich)$/.test(wanted) && author === asker);
    return (
      author !== asker &&
      new RegExp(`(?<!\\p{L})${escape(lower)}(?!\\p{L})`, "u").test(question.toLowerCase())
    );
  };
  const said = statements
    .filter(({ author, text }) => author !== "" && isWanted(author) && !question.includes(text))
    .flatMap(({ author, text }) => sentencesOf(text).map((sentence) => ({ author, sentence })))
    .filter(({ sentence }) => wanted !== undefined || !isQuestion(sentence));
  const last = said.at(-1);
  if (!last) return null;
  const who = last.author === asker ? "You" : last.author;
  const words = quote(last.sentence);
  return { kind: "quoted", claim: `${who} said: ${words}.`, source: last, key: words.slice(1, 60) };
};

const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
