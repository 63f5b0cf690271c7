/** A number as people write it. */
export interface WrittenNumber {
  readonly text: string;
  readonly value: number;
  /** Where it stands in the text. */
  readonly at: number;
}

const NUMBER = /(?<![A-Za-z\d.,])[-−]?\d+(?:[.,]\d+)*(?:\s*\/\s*\d+)?/gu;

/** "1,250.5", "9,9" and "3/4": a comma before three digits groups them, any other one is a decimal comma. */
function valueOf(text: string): number {
  const [whole = "", divisor] = text.replace("−", "-").split("/");
  const plain = whole
    .trim()
    .replace(/,(?=\d{3}(?!\d))/g, "")
    .replace(",", ".");
  return Number(plain) / (divisor === undefined ? 1 : Number(divisor));
}

/** The numbers in a text, without versions and dates of several points. */
export const numbersIn = (text: string): readonly WrittenNumber[] =>
  [...text.matchAll(NUMBER)]
    .map(({ 0: found, index }) => ({ text: found, value: valueOf(found), at: index }))
    .filter(({ value }) => Number.isFinite(value));

const WORDS: readonly (readonly string[])[] = [
  ["one", "ein", "eins", "一"],
  ["two", "zwei", "二", "两"],
  ["three", "drei", "三"],
  ["four", "vier", "四"],
  ["five", "fünf", "五"],
  ["six", "sechs", "六"],
  ["seven", "sieben", "七"],
  ["eight", "acht", "八"],
  ["nine", "neun", "九"],
  ["ten", "zehn", "十"],
  ["eleven", "elf"],
  ["twelve", "zwölf"],
];

/** A small number in words or digits; null for anything else. */
export function countOf(word: string): number | null {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  const index = WORDS.findIndex((words) => words.includes(word.toLowerCase()));
  return index < 0 ? null : index + 1;
}
