/** Escapes, classes, openings of groups, counts, and single characters. */
const TOKEN =
  /\\u\{[^}]*\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\[pP]\{[^}]*\}|\\k<[^>]*>|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<\w+>))?|\{\d+(?:,\d*)?\}|[^]/gs;

export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/**
 * A smaller pattern that takes time in the same way, for a checker that takes the more time the larger a pattern is: counts are at most 2,
 * words have two letters, many words are two, `i` lowers letters, `y` is `^`.
 */
export function smallPattern({ source, flags }: Pattern): Pattern {
  const tokens = [...source.matchAll(TOKEN)].map(([token]) => token);
  const lower = flags.includes("i") ? lowered : (token: string) => token;
  const small = tokens.map((token) => (/^\{\d/.test(token) ? smallCount(token) : lower(token)));
  const whole = withFewWords(shortWords(small).join(""));
  return {
    source: flags.includes("y") ? `^(?:${whole})` : whole,
    flags: flags.replaceAll(/[^msu]/g, ""),
  };
}

function smallCount(token: string): string {
  const [least = 0, most] = token.slice(1, -1).split(",");
  const from = Math.min(2, Number(least));
  if (most === undefined) return `{${from}}`;
  return most === "" ? `{${from},}` : `{${from},${Math.min(2, Number(most))}}`;
}

/** Escapes and names of groups stay. */
const lowered = (token: string): string =>
  /^[\\(]/.test(token)
    ? token
    : token.replaceAll(/\\[pP]\{[^}]*\}|\\.|[A-Z]/gs, (part) =>
        part.length === 1 ? part.toLowerCase() : part,
      );

const isLetter = (token: string | undefined): boolean => /^[A-Za-z]$/.test(token ?? "");

/** The first and last letter of each word. */
const shortWords = (tokens: readonly string[]): readonly string[] =>
  tokens.filter(
    (token, at) => !isLetter(token) || ![-1, 1].every((by) => isLetter(tokens[at + by])),
  );

/** The first two of many words in a group. */
const withFewWords = (source: string): string =>
  source.replaceAll(
    /(\((?:\?:)?)([a-z' ][a-z' ?]*(?:\|[a-z' ][a-z' ?]*){2,})\)/gi,
    (_, opening: string, words: string) =>
      `${opening}${[...new Set(words.split("|"))].slice(0, 2).join("|")})`,
  );
