import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMarkdown, toDiscord } from "../../../adapters/discord/render/markdown.ts";
import { type MarkdownBlock, parseMarkdown } from "../../../src/markdown/parse-markdown.ts";
import { normalised, readDiscord, type Shown } from "../../support/discord-markdown.ts";
import { propertyRuns } from "../../support/property-runs.ts";

/** What a reader of CommonMark sees, in the terms of Discord's own grammar. */
function seen(node: MarkdownBlock, marks: readonly string[]): readonly Shown[] {
  if (node.type === "text") return [{ text: node.value, marks }];
  if (node.type === "break") return [{ text: "\n", marks }];
  if (node.type === "html") return [{ text: node.value.replaceAll("<br>", "\n"), marks }];
  if (node.type === "inlineCode") {
    return [{ text: node.value.replaceAll("\n", " "), marks: [...marks, "code"] }];
  }
  if (node.type === "thematicBreak") return [{ text: "———", marks: marks.filter(isQuote) }];
  return seenBlock(node, marks) ?? seenMark(node, marks);
}

function seenMark(node: MarkdownBlock, marks: readonly string[]): readonly Shown[] {
  const link = "url" in node ? [`link:${node.url}`] : [];
  if (node.type === "image") return [{ text: node.alt || "picture", marks: [...marks, ...link] }];
  const own = MARKS[node.type] ?? link;
  return "children" in node ? all(node.children, [...marks, ...own]) : [];
}

const MARKS: Readonly<Partial<Record<MarkdownBlock["type"], readonly string[]>>> = {
  strong: ["strong"],
  emphasis: ["em"],
  delete: ["del"],
};

function seenCode(
  { value, lang }: Extract<MarkdownBlock, { type: "code" }>,
  marks: readonly string[],
): readonly Shown[] {
  if (value.trim() === "") return [];
  const language = /^[\w+\-.#]+$/.exec(lang ?? "")?.[0] ?? "";
  return [{ text: visible(value), marks: [...marks.filter(isQuote), `block:${language}`] }];
}

function seenBlock(node: MarkdownBlock, marks: readonly string[]): readonly Shown[] | undefined {
  if (node.type === "blockquote") return all(node.children, ["quote"]);
  if (node.type === "heading") {
    const isSmall = node.depth > 3 || marks.includes("list");
    return all(node.children, [...marks, isSmall ? "strong" : `h${node.depth}`]);
  }
  if (node.type === "code") return seenCode(node, marks);
  if (node.type !== "list") return undefined;
  return node.children.flatMap((item, at) =>
    seenItem(item.children, node.ordered ? `${(node.start ?? 1) + at}.` : "", marks),
  );
}

const isQuote = (mark: string) => mark === "quote";
const all = (nodes: readonly MarkdownBlock[], marks: readonly string[]) =>
  nodes.flatMap((node) => seen(node, marks));
/** Discord shows no blank lines at the ends of a code block. */
const visible = (code: string) => code.replace(/^(?:[ \t]*\n)+/, "").replace(/\n+$/, "");

function seenItem(
  children: readonly MarkdownBlock[],
  sign: string,
  marks: readonly string[],
): readonly Shown[] {
  const place = marks.filter(isQuote);
  const [first] = children;
  const isText = first?.type === "paragraph" || first?.type === "heading";
  const isHead = isText && normalised(seen(first, [])).length > 0;
  // A number without text beside it becomes text.
  const number: Shown = { text: sign, marks: place };
  return [
    ...(isHead ? [] : [number]),
    ...children.flatMap((child, at) => {
      const isInside = child.type === "list" || (isHead && !children.slice(0, at).some(isFlush));
      return seen(child, isInside && !isFlush(child) ? [...place, "list"] : place);
    }),
  ];
}

/** Stands between the items of a list. */
const isFlush = ({ type }: MarkdownBlock) => !["paragraph", "heading", "list"].includes(type);

const expected = (markdown: string) => normalised(all(parseMarkdown(markdown), []));
const shown = (markdown: string) =>
  normalised(readDiscord(renderMarkdown(markdown, Infinity).content));

const PIECES = [
  "word",
  "snake_case",
  "author__name__x",
  "**",
  "*",
  "_",
  "__",
  "~~",
  "~",
  "||",
  "|",
  "`",
  "``",
  "`a*b`",
  "`_x_`",
  "`**kw`",
  "``a`b``",
  "\\",
  "\\*",
  " ",
  " ",
  " ",
  "\n",
  "\n\n",
  "\n- ",
  "\n  - ",
  "\n1. ",
  "\n3) ",
  "\n> ",
  "\n>>> ",
  "\n# ",
  "\n#### ",
  "-# ",
  "> ",
  "- ",
  "+ ",
  "[a](https://x.io/b_(c))",
  ")",
  "https://x.io/a_b ",
  " <https://x.io> ",
  "<br>",
  "x < y",
  "<T>",
  "重要：",
  "。",
  "!",
  ".",
  "2.",
  "\n```js\nlet a_b = `c`;\n```\n",
  "\n~~~\n# x ** 2\n\n  y\n~~~\n",
  "\n---\n",
];

// Discord has no code span for code with a single backtick and two in a row: it is shown as text.
const hasOther = (text: string): boolean =>
  JSON.stringify(parseMarkdown(text)).includes('"type":"table"') ||
  expected(text).join("").includes("](") ||
  [/(?<!`)`(?!`)/, /(?<!`)``(?!`)/].every((ticks) => ticks.test(text));

test("property: Discord shows the text and the marks that the Markdown means", () => {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 });
  fc.assert(
    fc.property(pieces, (chosen) => {
      const text = chosen.join("");
      // Tables, code in files, links among what looks like links, have tests of their own.
      fc.pre(renderMarkdown(text).files.length === 0 && !hasOther(text));
      expect(shown(text)).toEqual(expected(text));
    }),
    { numRuns: propertyRuns(400, 0.4), seed: 4242 },
  );
});

/** Inputs of public bug reports, and what a reader sees. */
const REPORTED = {
  "`<br>` and `<!-- x -->` and `![alt](a.png)`": [
    "code: <br>",
    "and",
    "code: <!-- x -->",
    "and",
    "code: ![alt](a.png)",
  ],
  "a || b || c": ["a||b||c"],
  "x ** 2 ** y and a__b__x": ["x**2**yanda__b__x"],
  ">>> all\n\nrest": ["quote: all", "rest"],
  "\\>>> print(1)\n\nrest": [">>>print(1)rest"],
  "say\n-# not small": ["say-#notsmall"],
  "see [docs][1]\n\n[1]: https://docs.io/x": ["see", "link:https://docs.io/x: docs"],
  "[![Build](https://b.io/x.svg)](https://ci.io/x)": ["link:https://ci.io/x: Build"],
  "[https://x.io](https://x.io)": ["https://x.io"],
  "[the file](src/main.ts) and [above](#top)": ["thefile(src/main.ts)andabove"],
  "[a [nested [one]] b](https://x.io)": ["a[nested[one]]b(https://x.io)"],
  "\\[a](https://y.io) [b](https://x.io)": ["[a](https://y.io)b(https://x.io)"],
  "含**「重点」**内容": ["含", "strong: 「重点」", "内容"],
  "10~20分、30~40分": ["10~20分、30~40分"],
  "**uses `**kwargs` here**": ["strong: uses", "code: **kwargs", "strong: here"],
  "run ``git log `x` ``": ["run", "code: git log `x` "],
  "``` `` ` ```": ["```"],
  "1. one\n1. two\n1. three": ["list: onetwothree"],
  "a<br>b": ["ab"],
  "- word\n\n  # Head": ["list: word", "list strong: Head"],
  "#### Pointers: `int *p`": ["strong: Pointers:", "code: int *p"],
  "C:\\temp\\new and \\d+": ["C:\\temp\\newand\\d+"],
};

test.each(Object.entries(REPORTED))("%j reads as it was written", (markdown, seenText) => {
  expect(shown(markdown)).toEqual(seenText);
});

const FENCED = {
  "a fence on the line of a number": [
    "1. ```bash\n   # a comment\n\n   npm i\n   ```\n2. then",
    ["1.", "block:bash: # a comment\n\nnpm i", "list: then"],
  ],
  "a block with what Markdown would change": [
    "```py\nx ** 2\nauthor__name__icontains\n<br>\n![a](b.png)\n-# ◆ x\n```",
    ["block:py: x ** 2\nauthor__name__icontains\n<br>\n![a](b.png)\n-# ◆ x"],
  ],
  "a block in a quote": [
    "> ```js\n> let a;\n>\n> let b;\n> ```",
    ["block:js quote: let a;\n\nlet b;"],
  ],
  tildes: ["~~~js\nlet a;\n~~~", ["block:js: let a;"]],
  "two backticks in a block": ["```md\n``x``\n```", ["block:md: ``x``"]],
  "a word that looks like a language": ["```\nbash\n```", ["block:: bash"]],
} as const;

test.each(Object.entries(FENCED))("%s comes out byte for byte", (_, [markdown, blocks]) => {
  expect(shown(markdown)).toEqual(blocks);
});

test.each([
  ["~~~md\n# x\n```js\nlet a;\n```\n~~~", "code-1.md", "# x\n```js\nlet a;\n```\n"],
  ["````md\n```sh\nls\n```\n````", "code-1.md", "```sh\nls\n```\n"],
  ["~~~python\nx = '```'\n~~~", "code-1.py", "x = '```'\n"],
  ["| a |\n|---|\n| ` ``` ` |", "code-1.txt", undefined],
])("code that three backticks would end goes out as a file: %j", (markdown, name, text) => {
  const { content, files } = renderMarkdown(`Before\n\n${markdown}\n\nafter`);
  expect(files.map((file) => file.name)).toEqual([name]);
  if (text !== undefined) expect(files[0]?.text).toBe(text);
  expect(content).toBe(`Before\n\n📎 \`${name}\`\n\nafter`);
});

test("where no file may be sent, such code is text that reads the same", () => {
  const code = "# x\n```js\nlet a_b;\n```";
  expect(normalised(readDiscord(toDiscord(`~~~md\n${code}\n~~~`)))).toEqual([
    code.replaceAll(/\s/g, ""),
  ]);
});

test("cells of a table keep what they say, in quotes too", () => {
  const table =
    "| a | b |\n|---|---|\n| `x ** 2` | author__name__icontains |\n|  | x ** 2 ** 3 |\n| [d](https://x.io) | a\\|b |";
  const cells = [
    "a                 b",
    "────────────────  ───────────────────────",
    "x ** 2            author__name__icontains",
    "                  x ** 2 ** 3",
    "d (https://x.io)  a|b",
  ].join("\n");
  expect(shown(table)).toEqual([`block:: ${cells}`]);
  expect(shown(table.replaceAll(/^/gm, "> "))).toEqual([`block: quote: ${cells}`]);
});
