/** What a server says about the limit on output tokens that a request asked for. */
export type LimitAdvice =
  /** It wants `max_completion_tokens`. */
  | { readonly type: "rename" }
  /** The most that it allows; `once`: the rest of the window after this prompt, which does not hold for others. */
  | { readonly type: "most"; readonly number: number; readonly once: boolean };

const NAME =
  /max_?(?:completion_?|output_?|new_?)?tokens|completion tokens|output tokens|maximum (?:number of )?tokens/i;
const RENAME =
  /use ['"`]?max_completion_tokens|max_tokens.{0,120}max_completion_tokens.{0,20}instead/is;
/** A number, perhaps with thousands separators or in backticks. */
const N = String.raw`['"\u0060]?(\d[\d,_]*)`;

/** Where messages name the most that a server allows. */
const MOST: readonly RegExp[] = [
  `at most ${N}`,
  `> ${N}, which is the maximum`,
  String.raw`\[\s*\d+\s*,\s*(\d[\d,_]*)\s*\]`,
  `<=? ?${N}`,
  `(?:less|lower|smaller) than(?: or equal to)? ${N}`,
  `(?:not|no) (?:exceed|more than|greater than|larger than) ${N}`,
  `(?:limit|maximum|cap)(?: value)?(?: of| is|:)? ${N}`,
  `(?:up to|between \\d+ and) ${N}`,
].map((pattern) => new RegExp(pattern, "i"));

const EXCLUSIVE = /to (\d[\d,]*) \(exclusive\)|(?:less|lower|smaller) than ['"`]?(\d[\d,_]*)/i;

/** The window and the prompt in it: "… length is 64001 tokens and your request has 24235 input tokens", "170636 + 34048 > 200000". */
const WINDOWS: readonly RegExp[] = [
  /context length is (?<window>\d+) tokens.{0,80}?(?:has|\() ?(?<prompt>\d+) (?:input tokens|in the (?:messages|prompt))/is,
  /(?<prompt>\d{1,12}) \+ \d{1,12} > (?<window>\d{1,12})/,
  /must be <= (?<window>\d+)\. Given: (?<prompt>\d+) .?inputs/i,
];
/** Below this, an answer is not worth having: the prompt is too long. */
const LEAST_REST = 512;
const MARGIN = 64;

/** Reads advice on the limit; null if the message gives none. `asked`: the limit that was sent. */
export function readLimitAdvice(words: string, asked: number): LimitAdvice | null {
  if (RENAME.test(words)) return { type: "rename" };
  const rest = restOfWindow(words);
  if (rest !== null) {
    return rest >= LEAST_REST && rest < asked ? { type: "most", number: rest, once: true } : null;
  }
  if (!NAME.test(words)) return null;
  const number = exclusiveLimit(words) ?? firstNumber(words, asked);
  if (number !== null) return { type: "most", number, once: false };
  return /too (?:large|big|high)|exceed|greater than|above/i.test(words)
    ? { type: "most", number: Math.floor(asked / 2), once: false }
    : null;

  function exclusiveLimit(text: string): number | null {
    const found = EXCLUSIVE.exec(text);
    const limit = toNumber(found?.[1] ?? found?.[2]) - 1;
    return limit > 0 && limit < asked ? limit : null;
  }
}

function restOfWindow(words: string): number | null {
  const groups = WINDOWS.map((pattern) => pattern.exec(words)?.groups).find((one) => one);
  return groups ? Number(groups["window"]) - Number(groups["prompt"]) - MARGIN : null;
}

function firstNumber(words: string, asked: number): number | null {
  const numbers = MOST.map((pattern) => toNumber(pattern.exec(words)?.[1]));
  return numbers.find((number) => number > 0 && number < asked) ?? null;
}

const toNumber = (text: string | undefined): number =>
  Number(text?.replace(/[,_]/g, "") ?? Number.NaN);
