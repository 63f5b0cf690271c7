import { z } from "zod";
import { formatMoney, formatTokens } from "../progress/format.ts";

export const UNITS = ["usd", "tokens", "turns"] as const;
export const SPANS = ["minute", "hour", "day"] as const;
export type Span = (typeof SPANS)[number];

/** An amount per time span: "5 dollars a day", "10 turns an hour". */
export const Limit = z.object({
  unit: z.enum(UNITS),
  /** In dollars, tokens or turns. */
  amount: z.number().positive(),
  per: z.enum(SPANS),
});
export type Limit = z.infer<typeof Limit>;

/** Examples for error messages. */
export const LIMIT_EXAMPLES = ["5usd/day", "200ktokens/day", "10turns/hour"] as const;

const WRITTEN =
  /^(?<sign>\$)?\s*(?<number>\d+(?:\.\d+)?)\s*(?:(?<times>[km])\s*)?(?:(?<word>usd|\$|dollars?|tokens?|turns?|questions?|messages?)\s*)?(?:\/|per\s|an?\s|each\s|every\s)\s*(?<span>minute|min|hour|h|day|d)$/i;

const UNIT_WORDS: readonly (readonly [RegExp, Limit["unit"]])[] = [
  [/^(usd|\$|dollars?)$/i, "usd"],
  [/^tokens?$/i, "tokens"],
  [/^(turns?|questions?|messages?)$/i, "turns"],
];
const unitCalled = (word = "") => UNIT_WORDS.find(([pattern]) => pattern.test(word))?.[1];
const spanCalled = (word = "?") => SPANS.find((name) => name.startsWith(word.toLowerCase()));

const TIMES: Readonly<Record<string, number>> = { "": 1, k: 1_000, m: 1_000_000 };
const timesOf = (letter = "") => TIMES[letter.toLowerCase()] ?? 1;

// Turns are whole numbers.
const LEAST = { usd: 1e-6, tokens: 1, turns: 1 } as const;

/** Parses "5usd/day", "$5 a day", "200k tokens per day", "10 turns/hour"; null if the text is not a limit. */
export function parseLimit(text: string): Limit | null {
  const { sign, number, times, word, span } = WRITTEN.exec(text.trim())?.groups ?? {};
  const unit = unitCalled(word ?? sign);
  const per = spanCalled(span);
  if (!unit || !per) return null;
  const amount = Number(number) * timesOf(times);
  return amount >= LEAST[unit] ? { unit, amount, per } : null;
}

const ARTICLE: Readonly<Record<Span, string>> = {
  minute: "a minute",
  hour: "an hour",
  day: "a day",
};

/** An amount of a unit: "$5.00", "200k tokens", "1 turn". */
export function formatAmount(unit: Limit["unit"], amount: number): string {
  if (unit === "usd") return formatMoney(amount);
  const noun = unit === "tokens" ? "tokens" : amount === 1 ? "turn" : "turns";
  return `${formatTokens(amount)} ${noun}`;
}

/** "$5.00 a day", "10 turns an hour". */
export const formatLimit = ({ unit, amount, per }: Limit): string =>
  `${formatAmount(unit, amount)} ${ARTICLE[per]}`;
