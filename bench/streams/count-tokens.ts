/** Words with the blank before them, numbers of up to three digits, runs of marks, and other white space: where tokenizers cut first. */
const PIECES = / ?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+/gu;
/** Longer words are several tokens, about one for each five letters. */
const WHOLE_WORD = 9;
const PART_OF_WORD = 5;

/** Tokens of a text, counted much as the tokenizers of large models do, and not as Parley estimates them. */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(PIECES)) {
    tokens += piece.length <= WHOLE_WORD ? 1 : Math.ceil(piece.length / PART_OF_WORD);
  }
  return tokens;
}

/** Tokens of a request's body, whatever its format: of all texts and names in it, as providers render messages and tools. */
export function countBody(value: unknown): number {
  if (typeof value === "string") return countTokens(value);
  if (Array.isArray(value)) return sum(value.map(countBody));
  if (typeof value !== "object" || value === null) return 0;
  return sum(Object.entries(value).map(([name, one]) => countTokens(name) + countBody(one)));
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
