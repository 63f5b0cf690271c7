import type { Finding } from "../../coordination/check-result.ts";
import type { ProseLine } from "../prose.ts";
import { trimEndOf } from "../../text/trim-end-of.ts";
import { compareValues, isScaled, sumOf } from "./compare.ts";
import { evaluate, type Value } from "./evaluate.ts";
import { plainMath } from "./plain-math.ts";
import { compare, formatRational, type Rational, whole } from "./rational.ts";
import { NOTATIONS, type Notation } from "./read-number.ts";
import { tokensOf } from "./tokens.ts";

type Cells = readonly string[];

/** The line below a header. */
const SEPARATOR = /^[ \t|:-]+$/;
const TOTAL = /^(?:grand )?(?:total|sum|totals|summe|gesamt|insgesamt|somme)$/i;
/** Rows beside which a total is no plain sum. */
const PARTIAL =
  /sub-?total|total|sum|of which|thereof|incl|excl|net|gross|tax|vat|discount|average|mean|median|balance|remaining|both|overlap|change|difference|less|minus|refund/i;
/** Columns that nobody adds up. */
const NO_AMOUNT =
  /price|rate|per\b|avg|average|mean|median|ratio|score|year|age|speed|%|percent|share|max|min|rank|#|\bid\b|no\.|margin|growth|factor|index|date|unit|each|cumulative|running|temp|week|month|day|size|version|level|grade|gpa|users|visitors|customers|people|unique|distinct/i;

/** More rows are no table that anybody adds up. */
const MOST_ROWS = 200;

/** Sums in the tables of an answer: a last row "Total" under columns of plain numbers. */
export function tableSumsIn(lines: readonly ProseLine[]): readonly Finding[] {
  const found: Finding[] = [];
  for (let at = 1; at < lines.length; at++) {
    if (!isSeparator(textAt(lines, at))) continue;
    const from = at + 1;
    while (textAt(lines, at + 1).includes("|")) at += 1;
    found.push(...tableSums(textAt(lines, from - 2), lines.slice(from, at + 1)));
  }
  return found;
}

const textAt = (lines: readonly ProseLine[], at: number): string => lines[at]?.text ?? "";

function tableSums(head: string, lines: readonly ProseLine[]): readonly Finding[] {
  if (lines.length < 3 || lines.length > MOST_ROWS) return [];
  return sumsOf(
    cellsOf(head),
    lines.map(({ text }) => cellsOf(text)),
  );
}

const isSeparator = (line: string): boolean =>
  line.includes("|") && line.includes("-") && SEPARATOR.test(line);

const MOST_CELLS = 30;

const cellsOf = (line: string): Cells =>
  line
    .slice(0, 2_000)
    .trim()
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split("|")
    .slice(0, MOST_CELLS)
    .map((cell) => trimEndOf(plainMath(cell.trim()).replace(/^[*_ ]+/, ""), /[*_ ]/));

function sumsOf(header: Cells, rows: readonly Cells[]): readonly Finding[] {
  const last = rows.at(-1) ?? [];
  const items = rows.slice(0, -1);
  const isTotal = TOTAL.test((last[0] ?? "").replace(/[:.]$/, ""));
  if (!isTotal || items.some(([name = ""]) => PARTIAL.test(name))) return [];
  return header.flatMap((name, column): readonly Finding[] => {
    if (column === 0 || name === "" || NO_AMOUNT.test(name)) return [];
    const cells = items.map((row) => row[column] ?? "");
    return sumFinding(name, cells, last[column] ?? "");
  });
}

function sumFinding(name: string, cells: Cells, total: string): readonly Finding[] {
  for (const notation of NOTATIONS) {
    const [sum, stated] = [columnSum(cells, notation), numberIn(total, notation)];
    if (!sum || !stated) continue;
    const comparison = compareValues(sum, stated, false);
    const quote = `${name}: ${total} in total`;
    if (comparison === "holds") return [{ quote, verdict: "holds", note: "" }];
    if (
      comparison === "fails" &&
      !isScaled(sum.exact, stated.exact) &&
      isSumOf(cells, stated, notation)
    )
      return [{ quote, verdict: "fails", note: `the rows add up to ${formatRational(sum.exact)}` }];
    return [];
  }
  return [];
}

/** The total of amounts is above each of them; what lies among them is a mean. */
function isSumOf(cells: Cells, stated: Value, notation: Notation): boolean {
  const values = cells.flatMap((cell) => numberIn(cell, notation)?.exact ?? []);
  return values.every((value) => compare(value, whole(0n)) > 0 && compare(value, stated.exact) < 0);
}

/** Undefined: a cell holds no plain number. */
function columnSum(cells: Cells, notation: Notation): Value | undefined {
  const values = cells.map((cell) => numberIn(cell, notation));
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length < 2) return undefined;
  const of = (end: (value: Value) => Rational) => sumOf(known.map(end));
  const [exact, least, most] = [of((v) => v.exact), of((v) => v.least), of((v) => v.most)];
  if (!exact || !least || !most) return undefined;
  return { exact, least, most, operations: known.length - 1, doubtful: false };
}

/** A number alone in its cell. Amounts of money are exact. */
function numberIn(cell: string, notation: Notation): Value | undefined {
  const tokens = tokensOf(cell);
  const [only] = tokens;
  if (tokens.length !== 1 || only?.kind !== "number" || only.percent) return undefined;
  return evaluate(tokens, notation);
}
