import fc from "fast-check";

/** Makes about `length` characters of a text that is hard on somebody who reads it. */
export type Hostile = (length: number) => string;

const repeat =
  (unit: string): Hostile =>
  (length) =>
    unit.repeat(Math.max(1, Math.floor(length / unit.length)));

/** Half of one thing, then half of another. */
const halves =
  (first: string, second: string): Hostile =>
  (length) =>
    repeat(first)(length / 2) + repeat(second)(length / 2);

const lines =
  (line: (index: number) => string): Hostile =>
  (length) => {
    const all: string[] = [];
    for (let index = 0, left = length; left > 0; index++) {
      const next = line(index);
      all.push(next);
      left -= next.length + 1;
    }
    return all.join("\n");
  };

/** How deep the lines of `steps` go before they begin again: their length would grow with the square. */
const STEPS = 200;

/** Each a kind of its own; what was reported once stands among its siblings. */
export const HOSTILE: Readonly<Record<string, Hostile>> = {
  "nested quotes": repeat(">"),
  "nested quotes with blanks": repeat("> "),
  "nested ordered lists": repeat("1. "),
  "nested lists": (length) => `${repeat("- ")(length)}x`,
  "nested lists of plus signs": repeat("+ "),
  "lists above a link": (length) => `${repeat("- ")(length)}x\n[a](b)`,
  "numbers above a link": (length) => `${repeat("1. ")(length)}x\n[a](b)`,
  "quotes of lists above a link": (length) => `${repeat("> - ")(length)}x\n[a](b)`,
  "tabs in lists above a link": (length) => `${repeat("-\t")(length)}x\n[a](b)`,
  "wide lists above a link": (length) => `${repeat("-    ")(length)}x\n[a](b)`,
  "quotes in lists in quotes": (length) => `${repeat("> - 1. ")(length)}x`,
  "a list that steps down": lines((index) => `${"  ".repeat(index % STEPS)}- item`),
  "an ordered list that steps down": lines((index) => `${"   ".repeat(index % STEPS)}1. item`),
  "quotes that step down": lines((index) => `${">".repeat(1 + (index % STEPS))} quoted`),
  "ten levels on each line": repeat(`${"- ".repeat(10)}a\n`),
  "twenty levels on each line": repeat(`${"> - ".repeat(10)}a\n`),
  "a lazy quote": (length) => `> a\n${repeat("b\n")(length)}`,
  "short items": repeat("- a\n"),
  "loose items": repeat("- a\n\n"),
  "task boxes": repeat("- [ ] a\n"),
  headings: repeat("# a\n"),
  "headings with hashes": (length) => `#### ${repeat("#")(length)} a`,
  "headings with blanks": (length) => `#### a${repeat(" ")(length)}b`,
  "underlined headings": repeat("a\n=\n"),
  rules: repeat("---\n"),
  "a rule that is none": (length) => `${repeat("- ")(length)}*`,
  stars: repeat("*"),
  "open emphasis": repeat("*a "),
  "emphasis within emphasis": repeat("*_"),
  "closed emphasis": halves("*a ", "a* "),
  "two emphases": repeat("*a **b "),
  "emphasis of either kind": repeat("*a_ "),
  underscores: repeat("a__b"),
  tildes: repeat("~~a ~"),
  "open brackets": repeat("["),
  "nested brackets": halves("[", "]"),
  "empty brackets": repeat("[]"),
  "empty links": repeat("[]("),
  "links with open titles": repeat('[]( "'),
  "brackets with words": halves("[a", "]a"),
  "escapes in a bracket": (length) => `[${repeat("\\")(length)}`,
  "open links": repeat("[a]("),
  "open pictures": repeat("![a](b"),
  "pictures of brackets": repeat("!["),
  "nested links": halves("[a", "](b)"),
  "links in angles": repeat("[a](<b"),
  references: repeat("[a]["),
  footnotes: repeat("[^a]"),
  definitions: lines((index) => `[a${index}]: b`),
  "one definition for all": (length) => `[a]: b "c"\n\n${repeat("[x][a] ")(length)}`,
  backticks: repeat("`"),
  "growing backticks": (length) => {
    const runs: string[] = [];
    for (let left = length, size = 1; left > 0; size = (size % 150) + 1) {
      runs.push("`".repeat(size));
      left -= size + 1;
    }
    return runs.join(" ");
  },
  "odd backticks": repeat("`a``b"),
  "open comments": repeat("a <!-- "),
  "open instructions": repeat("a <? "),
  "open sections": repeat("a <![CDATA[ "),
  "open declarations": repeat("a <!A "),
  "open attributes": repeat('<a b="'),
  "open tags": repeat("x<a "),
  blocks: repeat("<div>"),
  "line breaks in HTML": repeat("<br   "),
  angles: repeat("<"),
  "closing angles": repeat("a>"),
  "people's ids": repeat("<@U0123ABCD>"),
  "numbers of people": repeat("<@123456789012345678>"),
  "ids that never end": repeat("<@U0123ABCD"),
  "ids with labels": repeat("<@U1|a"),
  "channels and dates": repeat("<#C1><!date^1^{date}|x>"),
  "spoken groups": repeat("@channel @here "),
  "hidden mentions": repeat("<\\\u200B"),
  "hidden signs": (length) => `<${repeat("\\\u200B")(length)}`,
  "escaped ats": (length) => `@${repeat("\\")(length)}`,
  addresses: repeat("www.a.b "),
  "many schemes": repeat("http://"),
  ats: repeat("a@"),
  "dots before an at": (length) => `${repeat("a.")(length)}@`,
  entities: repeat("&amp;"),
  "half entities": repeat("&#x"),
  ampersands: repeat("&"),
  backslashes: repeat("\\"),
  "a wide table": (length) => `${repeat("|a")(length / 2)}|\n${repeat("|-")(length / 2)}|\n|b|\n`,
  "a long table": (length) => `|a|b|\n|-|-|\n${repeat("|c|d|\n")(length)}`,
  "a table of pipes": (length) => `|a|b|\n|-|-|\n${repeat("|")(length)}`,
  "a table's rule that never ends": (length) => `|a|\n|-${repeat(" ")(length)}x`,
  "almost tables": repeat("a|b\n"),
  "cells of code": (length) => `|a|\n|-|\n|${repeat("``a`")(length)}|`,
  "cells of marks": (length) => `|a|\n|-|\n|${repeat("**_")(length)}|`,
  "cells of escapes": (length) => `|a|\n|-|\n|${repeat("\\|")(length)}|`,
  fences: repeat("```\na\n```\n"),
  "an open fence": (length) => `\`\`\`js\n${repeat("a\n")(length)}`,
  "tilde fences": repeat("~~~~\n"),
  "a fence in quotes": repeat("> ```\n> a\n"),
  "fences of growing size": lines((index) => "`".repeat(3 + (index % STEPS))),
  "a fence that opens on and on": repeat("- ```\n"),
  "line feeds": repeat("\n"),
  "carriage returns": repeat("a\r\n"),
  "only carriage returns": repeat("\r"),
  "short lines": repeat("a\n"),
  "line ends of two blanks": repeat("a  \n"),
  blanks: (length) => `${repeat(" ")(length)}a`,
  "blanks behind": (length) => `a${repeat(" ")(length)}\nb`,
  "blanks between": (length) => `a${repeat(" ")(length)}b`,
  tabs: repeat("\t"),
  "hard spaces": repeat("\u00A0"),
  "one long word": repeat("a"),
  "one long line": repeat("The quick brown fox jumps. "),
  prose: repeat(`${"The quick brown fox jumps over the lazy dog. ".repeat(6)}\n\n`),
  digits: repeat("1"),
  "joined emoji": repeat("👩‍👩‍👧‍👦"),
  joiners: (length) => `👩${repeat("\u200D")(length)}`,
  "combining marks": (length) => `a${repeat("\u0301")(length)}`,
  flags: repeat("🇦🇧"),
  "wide characters": repeat("漢字"),
  "from right to left": repeat("\u202Eab"),
  "zero bytes": repeat("\0"),
  "lone surrogates": repeat("\uD800"),
  "other lone surrogates": repeat("a\uDC00"),
  "control characters": repeat("\u0007\u009B"),
  "escape sequences": repeat("\u001B[31m"),
  "open escape sequences": repeat("\u001B["),
  "operating system commands": repeat("\u001B]8;;a"),
  "open thoughts": repeat("<think>a"),
  "ends of thoughts": repeat("</think>a "),
  "open calls": repeat("<tool_call>{"),
  "a call of brackets": (length) => `<tool_call>${halves("[", "]")(length - 1)}x`,
  "a call of broken brackets": (length) =>
    `<tool_call>${repeat("[")(length / 2)}x${repeat("]")(length / 2)}`,
  "a call of quotes": (length) => `<tool_call>{${repeat('"a')(length)}`,
  "a call of words": (length) => `<tool_call>${repeat("a {b} ")(length)}</tool_call>`,
  "a call's open tag": (length) => `<tool_call>${repeat(" ")(length)}[`,
  "a call's name of blanks": (length) => `<|tool_call|><|tool_call_begin|>${repeat(" ")(length)}`,
  "a function's name of blanks": (length) => `[TOOL_CALL]<function=${repeat(" ")(length)}`,
  "an invocation's name of blanks": (length) => `[TOOL_CALL]<invoke name=${repeat(" ")(length)}`,
  "open parameters": (length) =>
    `<invoke name="a">${repeat('<parameter name="b">')(length)}</invoke>`,
  "a parameter's open tag": (length) => `<invoke name="a"><parameter name=${repeat("b")(length)}`,
  "keys of blanks": (length) => `<tool_call>a<arg_key>${repeat(" ")(length)}`,
  "open values": (length) => `<tool_call>a${repeat("<arg_key>b</arg_key><arg_value>")(length)}`,
  "keys of arguments": (length) =>
    `<|open|>tools<|sep|><|open|>call a<|sep|><|open|>argument ${repeat('key="a" ')(length)}`,
  channels: repeat("<|channel|>a"),
  "heads of messages": repeat("<|im_start|>user\n"),
  "ends of a text": repeat("</s> "),
  "an analysis": (length) => `analysis${repeat("A ")(length)}`,
  "quoted words": repeat('"a '),
  "curly quotes": repeat("“a"),
  dashes: repeat("--"),
  flagged: repeat("--here "),
  commands: repeat("!a "),
  "fence tags": repeat("<said"),
  "blanks in tags": repeat("< \u200B /"),
  "claims of a role": repeat("system: "),
  "small print": repeat("-# ◆ a\n"),
  "asked of a team": repeat("-# asked of a\n"),
};

/** Texts put together from pieces of all kinds, in any order. */
export const hostileMix = (length: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom(...Object.values(HOSTILE)),
        fc.integer({ min: 1, max: Math.max(2, Math.floor(length / 4)) }),
        fc.constantFrom("", "\n", "\n\n", " ", "\r\n", "    "),
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((pieces) => pieces.map(([make, size, gap]) => make(size) + gap).join(""));
