/** A stretch of a message as Discord shows it. `marks`: "strong", "em", "del", "under", "spoiler", "quote", "list", "h1"…, "small", "code", "block:js", "link:https://…". */
export interface Shown {
  readonly text: string;
  readonly marks: readonly string[];
}

type Rule = (found: RegExpExecArray, marks: readonly string[]) => readonly Shown[];

/** Discord's own grammar, as public re-implementations of it agree on it. Rules are tried in order, at every character. */
const INLINE: readonly (readonly [pattern: RegExp, rule: Rule])[] = [
  [/\\([^0-9A-Za-z\s])/y, ([, sign = ""], marks) => [{ text: sign, marks }]],
  [
    /```(?:([\w+\-.#]+?)?(\s*\n))?([^\n].*?)\n*```/sy,
    ([, language = "", , code = ""], marks) => [
      { text: code, marks: [...marks.filter(isPlace), `block:${language}`] },
    ],
  ],
  [
    /(`+)([\s\S]*?[^`])\1(?!`)/y,
    ([, , code = ""], marks) => [{ text: trimmed(code), marks: [...marks, "code"] }],
  ],
  [
    /<(https?:\/\/[^\s<>]+)>/y,
    ([, url = ""], marks) => [{ text: url, marks: [...marks, `link:${url}`] }],
  ],
  [
    /\[((?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['"]([\s\S]*?)['"])?\s*\)/y,
    ([whole, label = "", url = ""], marks) =>
      /^https?:\/\//.test(url) && !label.includes("://")
        ? inline(label, [...marks, `link:${url}`])
        : [{ text: whole, marks }],
  ],
  [
    /https?:\/\/[^\s<]+[^<.,:;"'\]\s]/y,
    ([url], marks) => [{ text: url, marks: [...marks, `link:${url}`] }],
  ],
  [
    /\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y,
    ([, text = ""], marks) => inline(text, [...marks, "strong"]),
  ],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, ([, text = ""], marks) => inline(text, [...marks, "under"])],
  [
    /\b_((?:__|\\[\s\S]|[^\\_])+?)_\b|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/y,
    ([, under, star], marks) => inline(under ?? star ?? "", [...marks, "em"]),
  ],
  [/~~([\s\S]+?)~~(?!_)/y, ([, text = ""], marks) => inline(text, [...marks, "del"])],
  [/\|\|([\s\S]+?)\|\|/y, ([, text = ""], marks) => inline(text, [...marks, "spoiler"])],
];

const BLOCKS: readonly (readonly [pattern: RegExp, rule: Rule])[] = [
  [
    /( *>>> ([\s\S]*))|( *> [^\n]*(\n *> [^\n]*)*\n?)/y,
    ([whole, , rest], marks) =>
      marks.includes("quote")
        ? [{ text: whole, marks }]
        : readDiscord(rest ?? whole.replace(/^ *> ?/gm, ""), [...marks, "quote"]),
  ],
  [
    /(#{1,3}) +([^\n]+?)(\n|$)/y,
    ([, signs = "", text = ""], marks) => inline(text, [...marks, `h${signs.length}`]),
  ],
  [/-# +([^\n]+?)(\n|$)/y, ([, text = ""], marks) => inline(text, [...marks, "small"])],
  [
    /( *)([+*-]|(\d+)\.)( +)([^\n]+(?:\n\1 [^\n]+)*\n?)/y,
    ([, indent = "", sign = "", , , text = ""], marks) => {
      const inner = text.replace(new RegExp(`^ {1,${indent.length + sign.length + 1}}`, "gm"), "");
      return readDiscord(inner, [...marks.filter((mark) => mark !== "list"), "list"]);
    },
  ],
];

/** Reads a message as Discord would show it. Written after its public re-implementations, apart from what Parley writes. */
export function readDiscord(source: string, marks: readonly string[] = []): readonly Shown[] {
  const shown: Shown[] = [];
  for (let at = 0; at < source.length;) {
    const isStart = at === 0 || source[at - 1] === "\n";
    const next = readNext(isStart ? [...BLOCKS, ...INLINE] : INLINE, source, at, marks);
    shown.push(...next.shown);
    at = next.end;
  }
  return shown;
}

function inline(source: string, marks: readonly string[]): readonly Shown[] {
  const shown: Shown[] = [];
  for (let at = 0; at < source.length;) {
    const next = readNext(INLINE, source, at, marks);
    shown.push(...next.shown);
    at = next.end;
  }
  return shown;
}

function readNext(rules: typeof INLINE, source: string, at: number, marks: readonly string[]) {
  // A mark is read where it begins, whatever stands before it: words are no boundary to what comes after them.
  const rest = source.slice(at);
  for (const [pattern, rule] of rules) {
    pattern.lastIndex = 0;
    const found = pattern.exec(rest);
    if (found && found[0] !== "") return { shown: rule(found, marks), end: at + found[0].length };
  }
  return { shown: [{ text: source[at] ?? "", marks }], end: at + 1 };
}

const trimmed = (code: string): string => code.replaceAll(/^ (?= *`)|(?<=` *) $/g, "");

/** Of where a text stands, not how it looks. */
const isPlace = (mark: string): boolean => mark === "quote" || mark === "list";

/** Neighbours that look alike as one, without the white space that people do not see. */
export function normalised(shown: readonly Shown[]): readonly string[] {
  const kept: { text: string; marks: string }[] = [];
  for (const { text, marks } of shown) {
    const isCode = marks.some((mark) => mark === "code" || mark.startsWith("block:"));
    const seen = isCode ? text : text.replaceAll(/\s+/g, "");
    // No mark goes around code that holds its end, so marks of code are not compared; nor are addresses, which Discord finds anywhere.
    const looks = marks.filter(
      (mark) => mark !== `link:${text}` && !(isCode && ["strong", "em", "del"].includes(mark)),
    );
    const look = [...new Set(looks)].toSorted().join(" ");
    const last = kept.at(-1);
    if (seen === "") continue;
    if (last?.marks === look && !look.includes("block:")) last.text += seen;
    else kept.push({ text: seen, marks: look });
  }
  return kept.map(({ text, marks }) => (marks === "" ? text : `${marks}: ${text}`));
}
