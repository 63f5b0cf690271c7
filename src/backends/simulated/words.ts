import { trimEndOf } from "../../text/trim-end-of.ts";

const STOP_WORDS = new Set(
  `a an the is are was were be been am i i'm i've i'd me my mine we us our ours you your yours he him she they them their his her hers its it this that
  these those there here of to in on at for from by with about into than and or but if then so as do does did done can could would should will shall may
  might must what which who whom whose when where why how much many please tell say said give gave given know remember remind just also any some again now
  have has had what's who's where's not no yes ok okay hi hello hey thanks thank let lets get got really very too still ever never wer wie was wo wann warum ist sind hat ich du wir ihr
    der die das ein eine und oder bitte`.split(/\s+/),
);

const SAME: Readonly<Record<string, string>> = { called: "name", named: "name", codeword: "code" };

// Intl.Segmenter does not split before lower case, which chat sentences often start with, and takes a second per megabyte.
const SENTENCE_END =
  /(?<=[.!?…]["”')]?)(?<!\b(?:e\.g|i\.e|etc|vs|dr|mrs?|ms|st)\.)\s+|(?<=[。！？])/i;

/** The sentences of a text, without Markdown marks, with one blank between words. */
export const sentencesOf = (text: string): readonly string[] =>
  text
    // Not every asterisk: "12 * 3" is a calculation.
    .replace(
      /\*\*|__|`+|^[ \t]*(?:[#>]+|[-*])\s+|(?<!\S)[*_](?=\p{L})|(?<=[\p{L}.!?])[*_](?!\S)/gmu,
      "",
    )
    .split(/\n+/)
    .flatMap((line) => line.split(SENTENCE_END))
    .map((sentence) => sentence.trim().replaceAll(/\s+/g, " "))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));

const stem = (word: string): string => {
  const base = word.replace(/['’]s?$/, "");
  const singular = base.length > 3 && !base.endsWith("ss") ? base.replace(/s$/, "") : base;
  return SAME[singular] ?? singular;
};

const HAN_STOP = new Set(["什么", "多少", "我们", "几个", "个人", "是多", "是什", "是谁", "叫什"]);

/** Chinese has no spaces: pairs of characters stand for words. */
function pairsOf(word: string): readonly string[] {
  if (!/^\p{Script=Han}{2,}$/u.test(word)) return [word];
  const characters = Array.from(word);
  return characters
    .slice(0, -1)
    .map((character, index) => `${character}${characters[index + 1] ?? ""}`)
    .filter((pair) => !HAN_STOP.has(pair));
}

/** The significant words of a text, normalized. */
export const keywordsOf = (text: string): ReadonlySet<string> =>
  new Set(
    (text.toLowerCase().match(/\p{Script=Han}+|[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [])
      .flatMap(pairsOf)
      .filter((word) => !STOP_WORDS.has(word))
      .map(stem)
      .filter((word) => word !== ""),
  );

/** The number of wanted words in the text. */
export function overlap(wanted: ReadonlySet<string>, text: string): number {
  const found = keywordsOf(text);
  return [...wanted].filter((word) => found.has(word)).length;
}

/** A one-line “quote” without the full stop. */
export function quote(sentence: string): string {
  const bare = trimEndOf(sentence.trim(), /[.!。！]/).replace(/[“”]/g, "'");
  return `“${bare.length > 140 ? `${bare.slice(0, 139).toWellFormed()}…` : bare}”`;
}

/** Lower-cases "Tea" for use within a sentence; "API" stays. */
export const lowerFirst = (text: string): string =>
  /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const QUESTION =
  /[?？]["')\]]*$|^(please\s+)?(what|who|whom|whose|which|where|when|why|how|is|are|do|does|did|can|could|should|would|will|tell|remind|repeat|recall|say|list|give|show|wer|was|wie|wo|wann|warum|welche[rs]?|ist|sind|hat|kannst)\b|[?？吗]\s*$/i;

export const isQuestion = (sentence: string): boolean => QUESTION.test(sentence.trim());
