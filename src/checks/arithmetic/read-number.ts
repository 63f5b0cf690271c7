import { type Rational, rational } from "./rational.ts";

/** How numbers are written: "1,234.56", or "1.234,56". */
export type Notation = "point" | "comma";
export const NOTATIONS: readonly Notation[] = ["point", "comma"];

/** A number as it is written. */
export interface Written {
  readonly value: Rational;
  /** Digits after the decimal mark. */
  readonly places: number;
}

/** Marks between groups of three, besides the comma or the point. */
const GROUPS = "'’\u00A0\u202F\u2009";
const FORMS: Readonly<Record<Notation, RegExp>> = {
  point: new RegExp(
    `^(?:(\\d+)|(\\d{1,3}(?:,\\d{3})+)|(\\d{1,3}(?:[${GROUPS}]\\d{3})+)|(?=\\.))(?:\\.(\\d+))?$`,
  ),
  comma: new RegExp(
    `^(?:(\\d+)|(\\d{1,3}(?:\\.\\d{3})+)|(\\d{1,3}(?:[${GROUPS}]\\d{3})+))(?:,(\\d+))?$`,
  ),
};
const LONGEST = 40;

/** Undefined: nobody writes a number like that. */
export function readNumber(text: string, notation: Notation): Written | undefined {
  if (text.length > LONGEST) return undefined;
  const found = FORMS[notation].exec(text);
  if (!found) return undefined;
  const [, plain, grouped, spaced, fraction = ""] = found;
  const digits = (plain ?? grouped ?? spaced ?? "0").replace(/\D/g, "");
  const value = rational(BigInt(digits + fraction), 10n ** BigInt(fraction.length));
  return value && { value, places: fraction.length };
}
