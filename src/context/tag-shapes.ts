/** Characters that look like the start of a tag. */
const OPENING = /[<≮＜﹤‹〈〈⟨˂ᐸ❮❰≺⪡⧼𝈶«]/gu;
/** Characters to ignore before the tag's name: white space, slashes, invisible and combining characters. */
const PASSED = /[\s\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800/\\⁄∕⧸⟋╱／＼|]/u;
/** Invisible and combining characters within a name. */
const HIDDEN = /[\p{C}\p{M}\p{Default_Ignorable_Code_Point}]/u;
const HYPHEN = /[\p{Pd}_\u2043\u2212\u30fb·]/u;
const WORD = /[\p{L}\p{N}]/u;

/** Homographs of the letters in Parley's tags. */
const LOOK_ALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    a: "аɑαᴀ",
    c: "сϲᴄ",
    d: "ԁɗᴅ",
    e: "еєεᴇ",
    f: "ꜰƒ",
    h: "һհʜ",
    i: "іıιɪӏl1",
    k: "кκᴋ",
    m: "мᴍ",
    n: "пոηɴ",
    o: "оοօᴏ0",
    p: "рρᴘ",
    r: "гʀ",
    s: "ѕꜱ",
    t: "тτᴛ",
    u: "υսᴜ",
    w: "ԝѡᴡω",
    y: "уүγʏ",
  }).flatMap(([letter, others]) => Array.from(others, (other) => [other, letter])),
);
/** Both sides treat `l` as `i`. */
const NAMES = [
  "said",
  "teamanswer",
  "teamcheck",
  "teamremark",
  "threadfile",
  "threadnote",
  "threadsummary",
  "yourreply",
].map((name) => name.replaceAll("l", "i"));
const LONGEST = Math.max(...NAMES.map(({ length }) => length));

const folded = (character: string): string =>
  Array.from(character.normalize("NFKD").toLowerCase())
    .filter((part) => !HIDDEN.test(part))
    .map((part) => LOOK_ALIKES[part] ?? part)
    .join("");

/**
 * Replaces the first character of everything that a reader, even a lenient one, could take for one of Parley's tags. Changes nothing else.
 * Linear: the characters ignored before a name never start another tag.
 */
export const withoutTags = (text: string): string =>
  text.replace(OPENING, (opening, at: number) =>
    opensTag(text, at + opening.length) ? "&lt;" : opening,
  );

function opensTag(text: string, from: number): boolean {
  let at = from;
  const next = (): string => String.fromCodePoint(text.codePointAt(at) ?? 0);
  while (at < text.length && PASSED.test(next())) at += next().length;
  let name = "";
  let isOver = false;
  while (at < text.length && !isOver) {
    const character = next();
    at += character.length;
    if (HIDDEN.test(character) || (HYPHEN.test(character) && !NAMES.includes(name))) continue;
    isOver = !WORD.test(character);
    if (!isOver) name += folded(character);
    if (name.length > LONGEST) return false;
  }
  return NAMES.includes(name);
}
