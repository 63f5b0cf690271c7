import { formatNumber } from "./arithmetic.ts";
import { languageOf } from "../language.ts";
import { numbersIn, type WrittenNumber } from "./numbers.ts";
import type { Finder, Finding } from "../search.ts";

const LARGER =
  /\b(bigger|biggest|larger|largest|greater|greatest|higher|highest|more than|max(imum)?|größer|groesser|größte|mehr|höher|höchste)\b|>|哪个(更)?大|更大|最大|大于/i;
const SMALLER =
  /\b(smaller|smallest|less|lesser|lower|lowest|fewer|min(imum)?|cheaper|cheapest|kleiner|kleinste|weniger|niedriger|günstiger|billiger)\b|<|哪个(更)?小|更小|最小|小于/i;
const YES_NO = /^\s*(is|are|ist|sind)\b|吗/i;
const EITHER = /\b(or|oder)\b|还是|和/i;

const sum = (claim: string, key: string): Finding => ({ kind: "sum", claim, source: null, key });

/** 9.11 comes after 9.9 among versions, but not among numbers. */
function versionOrder([a, b]: readonly [WrittenNumber, WrittenNumber]): string | null {
  const parts = [a, b].map(({ text }) => text.split(/[.,]/).map(Number));
  const [[wholeA, restA] = [], [wholeB, restB] = []] = parts;
  if (wholeA !== wholeB || restA === undefined || restB === undefined) return null;
  const laterVersion = restA > restB ? a : b;
  const largerNumber = a.value > b.value ? a : b;
  return laterVersion === largerNumber ? null : laterVersion.text;
}

/** "Which is bigger, 9.9 or 9.11?", "Is 7 > 5?": numbers are compared as numbers; some agents point to another reading. */
export const findComparison: Finder = ({ question, taste }) => {
  const numbers = numbersIn(question);
  const [a, b, more] = numbers;
  if (!a || !b || more || !isComparison(question, numbers)) return null;
  if (a.value === b.value) return sum(`${a.text} and ${b.text} are equal.`, "equal");
  return compare([a, b], question, taste);
};

function compare(
  [a, b]: readonly [WrittenNumber, WrittenNumber],
  question: string,
  taste: number,
): Finding {
  const [large, small] = a.value > b.value ? [a, b] : [b, a];
  const wantsSmaller = SMALLER.test(question) && !LARGER.test(question);
  const words = WORDS[languageOf(question)];
  const key = wantsSmaller
    ? words.smaller(small.text, large.text)
    : words.larger(large.text, small.text);
  const holds = wantsSmaller ? a.value < b.value : a.value > b.value;
  const isYesNo = YES_NO.test(question) && !EITHER.test(question);
  const version = taste >= 0.5 ? versionOrder([a, b]) : null;
  const other = version === null ? "" : words.asVersions(version);
  return sum(`${isYesNo ? (holds ? words.yes : words.no) : ""}${key}${words.stop}${other}`, key);
}

const WORDS = {
  en: {
    larger: (a: string, b: string) => `${a} is larger than ${b}`,
    smaller: (a: string, b: string) => `${a} is smaller than ${b}`,
    yes: "Yes: ",
    no: "No: ",
    stop: ".",
    asVersions: (later: string) =>
      ` Read as versions or dates it is the other way round: ${later} comes later.`,
  },
  de: {
    larger: (a: string, b: string) => `${a} ist größer als ${b}`,
    smaller: (a: string, b: string) => `${a} ist kleiner als ${b}`,
    yes: "Ja: ",
    no: "Nein: ",
    stop: ".",
    asVersions: (later: string) =>
      ` Als Version oder Datum gelesen ist es umgekehrt: ${later} kommt später.`,
  },
  zh: {
    larger: (a: string, b: string) => `${a} 比 ${b} 大`,
    smaller: (a: string, b: string) => `${a} 比 ${b} 小`,
    yes: "是：",
    no: "不是：",
    stop: "。",
    asVersions: (later: string) => ` 如果是版本号或日期，则相反：${later} 在后。`,
  },
} as const;

/** "9.9 or 9.11?" alone is one, too; "2026 or 2027 for the launch?" is a choice. */
const isComparison = (question: string, [a, b]: readonly WrittenNumber[]): boolean =>
  LARGER.test(question) ||
  SMALLER.test(question) ||
  (EITHER.test(question) &&
    question
      .replace(a?.text ?? "", "")
      .replace(b?.text ?? "", "")
      .replace(EITHER, "")
      .trim().length < 3);

const LISTS: readonly (readonly [RegExp, string, (values: readonly number[]) => string])[] = [
  [
    /\b(sum|total|add( up)?|summe)\b|总和/i,
    "The sum",
    (v) => formatNumber(v.reduce((x, y) => x + y, 0)),
  ],
  [
    /\b(average|mean|durchschnitt|mittelwert)\b|平均/i,
    "The average",
    (v) => formatNumber(v.reduce((x, y) => x + y, 0) / v.length),
  ],
  [
    /\b(sort|order|sortiere)\b|排序/i,
    "Sorted",
    (v) =>
      v
        .toSorted((x, y) => x - y)
        .map(formatNumber)
        .join(", "),
  ],
  [SMALLER, "The smallest", (v) => formatNumber(Math.min(...v))],
  [LARGER, "The largest", (v) => formatNumber(Math.max(...v))],
];

/** "What is the sum of 4, 8 and 15?" */
export const findListResult: Finder = ({ question }) => {
  // In a list, a comma separates.
  const values = numbersIn(question.replaceAll(",", ", ")).map(({ value }) => value);
  if (values.length < 2) return null;
  const list = LISTS.find(([pattern]) => pattern.test(question));
  if (!list) return null;
  const [, name, of] = list;
  const key = of(values);
  return sum(`${name} of ${values.map(formatNumber).join(", ")}: ${key}.`, key);
};

const ROOT = /(?:square root of|sqrt\(?|√|wurzel (?:aus|von))\s*(\d+(?:\.\d+)?)/i;
const PRIME = /\b(?:is|ist)\s+(\d{1,9})\s+(?:a\s+|eine\s+)?(?:prime|primzahl)/i;

/** Facts about one number: its root, whether it is prime, why it cannot be divided. */
export const findNumberFact: Finder = ({ question }) => {
  const root = ROOT.exec(question)?.[1];
  if (root !== undefined) {
    const key = formatNumber(Math.sqrt(Number(root)));
    return sum(`The square root of ${root} is ${key}.`, key);
  }
  const prime = PRIME.exec(question)?.[1];
  if (prime !== undefined) {
    const divisor = leastDivisor(Number(prime));
    return divisor === Number(prime)
      ? sum(`Yes: ${prime} is prime.`, "is prime")
      : sum(
          `No: ${prime} is not prime${divisor > 1 ? `, ${divisor} divides it` : ""}.`,
          "not prime",
        );
  }
  return /\d\s*[/÷]\s*0(?![\d.])/.test(question)
    ? sum("A division by 0 has no result.", "no result")
    : null;
};

function leastDivisor(value: number): number {
  if (value < 2) return 1;
  for (let divisor = 2; divisor * divisor <= value; divisor += 1) {
    if (value % divisor === 0) return divisor;
  }
  return value;
}
