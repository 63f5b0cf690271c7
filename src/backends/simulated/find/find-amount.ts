import { findSum, formatNumber } from "./arithmetic.ts";
import { toldCount } from "./find-people.ts";
import { bestFact } from "./find-fact.ts";
import { capitalised } from "../words.ts";
import type { Finder } from "../search.ts";
import type { Fact } from "../thread-facts.ts";

/** "What is 12 * (3 + 4)?" */
export const findCalculation: Finder = ({ question }) => {
  const sum = findSum(question);
  if (!sum) return null;
  const key = formatNumber(sum.value);
  return { kind: "sum", claim: `${sum.expression} = ${key}.`, source: null, key };
};

const AMOUNT = /(?<number>\d+(?:[.,]\d+)*)\s*(?<unit>[\p{L}€$£%]+)?/u;

const amountIn = (text: string): number | null => {
  const digits = AMOUNT.exec(text)?.groups?.["number"];
  return digits === undefined ? null : Number(digits.replace(/,(?=\d{3}\b)/g, ""));
};

const unitIn = (text: string): string => AMOUNT.exec(text)?.groups?.["unit"] ?? "";

const REST = /\b(left|remain\w*)\b/i;
const EACH = /\b(each|per|split|divided?|pro|jede[rn]?)\b|每人/i;

/** The operation on an amount: subtract the other amount, or divide by it. */
function shareIn(
  question: string,
  people: number | null,
): { sign: string; of: (whole: number) => number } | null {
  const other = amountIn(question) ?? (EACH.test(question) ? people : null);
  if (other === null) return null;
  if (REST.test(question)) return { sign: `− ${other}`, of: (whole) => whole - other };
  if (other === 0 || !EACH.test(question)) return null;
  return { sign: `/ ${other}`, of: (whole) => whole / other };
}

const onlyOf = (facts: readonly Fact[]): Fact | null =>
  facts.length === 1 ? (facts[0] ?? null) : null;

const CHEAPER = /\b(cheap(er|est)?|less expensive|günstig(er|ste)?|billig(er|ste)?)\b|便宜/i;
const DEARER = /\b(more expensive|most expensive|dearer|teurer|teuerste)\b/i;

/** "Which option is cheaper?": of the prices that were named. */
export const findCheapest: Finder = ({ question, facts }) => {
  const isCheap = CHEAPER.test(question);
  const priced = facts.flatMap((fact) => {
    const amount = amountIn(fact.value);
    return amount === null ? [] : [{ fact, amount }];
  });
  if (priced.length < 2 || !(isCheap || DEARER.test(question))) return null;
  const [best] = priced.toSorted((a, b) => (isCheap ? a.amount - b.amount : b.amount - a.amount));
  if (!best) return null;
  const { subject, verb, value } = best.fact;
  const claim = `${capitalised(subject)}: it ${verb} ${value}.`;
  return { kind: "fact", claim, source: best.fact, key: subject };
};

/** The remainder of an amount in the thread, or each person's share of it. */
export const findShare: Finder = ({ question, wanted, facts, statements }) => {
  const share = shareIn(question, toldCount(statements)?.count ?? null);
  const amounts = facts.filter(({ value }) => amountIn(value) !== null);
  const fact = share && (bestFact(amounts, wanted, "") ?? onlyOf(amounts));
  if (!fact) return null;
  const whole = amountIn(fact.value) ?? 0;
  const key = formatNumber(share.of(whole));
  const claim = `${whole} ${share.sign} = ${`${key} ${unitIn(fact.value)}`.trim()}.`;
  return { kind: "sum", claim, source: fact, key };
};
