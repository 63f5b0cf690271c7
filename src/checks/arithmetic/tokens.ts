/** A piece of a line of mathematics. */
export interface Token {
  readonly kind: "number" | "operator" | "open" | "close" | "relation" | "word" | "mark";
  /** Operators and relations in one spelling: + - * / ^ mod √ = ≈. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Stands directly behind the token before it. */
  readonly glued: boolean;
  /** A number with a percent sign. */
  readonly percent?: boolean;
  /** A hyphen between two numbers, without spaces: perhaps a range. */
  readonly isRange?: boolean;
}

const NUMBER = /\d(?:[\d.,'’\u00A0\u202F\u2009]{0,40}\d)?|\.\d{1,20}/y;
const WORD = /[\p{L}_][\p{L}\p{M}\d_'’]{0,60}/uy;
const SPACE = /\s+/y;
const RELATION = /=~|[=≈≃≅≐]|\bequals\b/y;
const OPERATORS: Readonly<Record<string, string>> = {
  "+": "+",
  "-": "-",
  "−": "-",
  "–": "-",
  "*": "*",
  "×": "*",
  "·": "*",
  "⋅": "*",
  "∙": "*",
  "/": "/",
  "÷": "/",
  "∕": "/",
  "^": "^",
  "√": "√",
};
const MOST_TOKENS = 400;

/** Splits a line. Nothing that it does not know is lost: it becomes a mark or a word. */
export function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length && tokens.length < MOST_TOKENS;) {
    const space = matchAt(SPACE, line, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = tokenAt(line, at);
    tokens.push({ ...token, glued: at > 0 && tokens.at(-1)?.to === at });
    at = token.to;
  }
  return tokens.map((token, at) => classify(token, tokens, at));
}

function matchAt(pattern: RegExp, line: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0];
}

function tokenAt(line: string, from: number): Omit<Token, "glued"> {
  const made = (kind: Token["kind"], text: string, length = text.length) => ({
    kind,
    text,
    from,
    to: from + length,
  });
  const number = matchAt(NUMBER, line, from);
  if (number !== undefined) return withPercent(line, made("number", number));
  const relation = matchAt(RELATION, line, from);
  if (relation !== undefined) {
    return made("relation", relation === "=" || relation === "equals" ? "=" : "≈", relation.length);
  }
  const word = matchAt(WORD, line, from);
  if (word !== undefined) return made(...wordKind(word), word.length);
  const character = String.fromCodePoint(line.codePointAt(from) ?? 0);
  const operator = OPERATORS[character];
  if (operator !== undefined) return made("operator", operator, character.length);
  if (character === "(") return made("open", character);
  return made(character === ")" ? "close" : "mark", character);
}

function wordKind(word: string): readonly [Token["kind"], string] {
  if (word === "mod") return ["operator", "mod"];
  return word === "sqrt" ? ["operator", "√"] : ["word", word];
}

const PERCENT = /[ \u00A0\u202F]?%/y;

function withPercent(line: string, token: Omit<Token, "glued">): Omit<Token, "glued"> {
  const sign = matchAt(PERCENT, line, token.to);
  return sign === undefined ? token : { ...token, to: token.to + sign.length, percent: true };
}

/** What a token means beside its neighbours. */
function classify(token: Token, tokens: readonly Token[], at: number): Token {
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  if (!before || !after) return token;
  if (token.text === "x" && !token.glued && !after.glued && isOperand(before) && isOperand(after))
    return { ...token, kind: "operator", text: "*" };
  return isRange(before, token, after) ? { ...token, isRange: true } : token;
}

const isRange = (before: Token, { kind, text, glued }: Token, after: Token): boolean =>
  kind === "operator" && text === "-" && before.kind === "number" && glued && after.glued;

const isOperand = ({ kind }: Token): boolean => ["number", "open", "close"].includes(kind);
