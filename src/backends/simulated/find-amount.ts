import { findSum, formatNumber } from "./arithmetic.ts";
import { bestFact } from "./find-fact.ts";
import type { Finder } from "./search.ts";

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

const REST = /\b(left|remain\w*)\b/i;
const EACH = /\b(each|per|split|divided?)\b/i;

/** What is left of an amount that the thread named, or how much each gets of it. */
export const findShare: Finder = ({ question, wanted, facts }) => {
  const other = amountIn(question);
  const rest = REST.test(question);
  if (other === null || (!rest && (other === 0 || !EACH.test(question)))) return null;
  const amounts = facts.filter(({ value }) => amountIn(value) !== null);
  const fact = bestFact(amounts, wanted, "");
  const whole = fact && amountIn(fact.value);
  if (!fact || whole === null) return null;
  const key = formatNumber(rest ? whole - other : whole / other);
  const unit = AMOUNT.exec(fact.value)?.groups?.["unit"];
  const sum = `${formatNumber(whole)} ${rest ? "−" : "/"} ${formatNumber(other)}`;
  return { kind: "sum", claim: `${sum} = ${[key, unit].join(" ").trim()}.`, source: fact, key };
};
