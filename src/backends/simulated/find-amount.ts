import { findSum, formatNumber } from "./arithmetic.ts";
import { bestFact } from "./find-fact.ts";
import type { Finder } from "./search.ts";
import type { Fact } from "./thread-facts.ts";

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
const EACH = /\b(each|per|split|divided?)\b/i;

/** The operation on an amount: subtract the other amount, or divide by it. */
function shareIn(question: string): { sign: string; of: (whole: number) => number } | null {
  const other = amountIn(question);
  if (other === null) return null;
  if (REST.test(question)) return { sign: `− ${other}`, of: (whole) => whole - other };
  if (other === 0 || !EACH.test(question)) return null;
  return { sign: `/ ${other}`, of: (whole) => whole / other };
}

const onlyOf = (facts: readonly Fact[]): Fact | null =>
  facts.length === 1 ? (facts[0] ?? null) : null;

/** The remainder of an amount in the thread, or each person's share of it. */
export const findShare: Finder = ({ question, wanted, facts }) => {
  const share = shareIn(question);
  const amounts = facts.filter(({ value }) => amountIn(value) !== null);
  const fact = share && (bestFact(amounts, wanted, "") ?? onlyOf(amounts));
  if (!fact) return null;
  const whole = amountIn(fact.value) ?? 0;
  const key = formatNumber(share.of(whole));
  const claim = `${whole} ${share.sign} = ${`${key} ${unitIn(fact.value)}`.trim()}.`;
  return { kind: "sum", claim, source: fact, key };
};
