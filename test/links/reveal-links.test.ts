import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { revealLinks } from "../../src/links/reveal-links.ts";
import { growthOf, MOST_GROWTH } from "../support/growth.ts";

const EVIL = "https://evil.example";

describe("labels that look like another address are shown with the real one", () => {
  it.each([
    [`[https://bank.example](${EVIL})`, "https://bank.example (<https://evil.example/>)"],
    [`[bank.example](${EVIL}/x)`, "bank.example (<https://evil.example/x>)"],
    [`[www.bank.example](${EVIL})`, "www.bank.example (<https://evil.example/>)"],
    ["[BANK.Example](HTTPS://EVIL.example)", "BANK.Example (<https://evil.example/>)"],
    [
      `[Pay at bank.example now](${EVIL} "bank")`,
      "Pay at bank.example now (<https://evil.example/>)",
    ],
    [`[//bank.example](<${EVIL}/a b>)`, "//bank.example (<https://evil.example/a%20b>)"],
    [`[**https://bank**.example](${EVIL})`, "**https://bank**.example (<https://evil.example/>)"],
    [`[\`bank.example\`](${EVIL})`, "`bank.example` (<https://evil.example/>)"],
    [`[bank&#46;example](${EVIL})`, "bank&#46;example (<https://evil.example/>)"],
    [`[bank\\.example](${EVIL})`, "bank\\.example (<https://evil.example/>)"],
    [`[ba\u200bnk\u00ad.example](${EVIL})`, "ba\u200bnk\u00ad.example (<https://evil.example/>)"],
    [`[bank。example](${EVIL})`, "bank。example (<https://evil.example/>)"],
    [`[ｂａｎｋ．example](${EVIL})`, "ｂａｎｋ．example (<https://evil.example/>)"],
    [`[bank[.]example](${EVIL})`, "bank[.]example (<https://evil.example/>)"],
    [`[hxxps://bank.example](${EVIL})`, "hxxps://bank.example (<https://evil.example/>)"],
    [`[192.168.0.1](${EVIL})`, "192.168.0.1 (<https://evil.example/>)"],
    [
      `[https://bank.example/](${EVIL}/a(b(c))d)`,
      "https://bank.example/ (<https://evil.example/a(b(c))d>)",
    ],
    [
      "[https://bank.example/a](https://bank.example/b)",
      "https://bank.example/a (<https://bank.example/b>)",
    ],
    [
      "[https://bank.example](http://bank.example)",
      "https://bank.example (<http://bank.example/>)",
    ],
    ["[bank.example](https://bank.example:8443)", "bank.example (<https://bank.example:8443/>)"],
    [
      "[bank.example](https://bank.example.evil.example)",
      "bank.example (<https://bank.example.evil.example/>)",
    ],
    [
      `- [bank.example](${EVIL})\n> [a](${EVIL})`,
      `- bank.example (<https://evil.example/>)\n> [a](${EVIL})`,
    ],
    [`| [bank.example](${EVIL}) |`, "| bank.example (<https://evil.example/>) |"],
  ])("%s", (markdown, shown) => expect(revealLinks(markdown)).toBe(shown));

  it.each([
    ["bank.example][1", `[1]: ${EVIL}`],
    ["bank.example][", `[bank.example]: <${EVIL}> "Bank"`],
    ["bank.example", `[BANK.example]:\n   ${EVIL}`],
    ["bank.example][A  b", `> [a b]: ${EVIL}`],
  ])("by reference: [%s]", (reference, definition) => {
    const shown = revealLinks(`See [${reference}].\n\n${definition}`);
    expect(shown).toBe(`See bank.example (<https://evil.example/>).\n\n${definition}`);
  });

  it.each([
    [
      `![https://bank.example](${EVIL}/a.png)`,
      "https://bank.example (<https://evil.example/a.png>)",
    ],
    [
      `[![bank.example](${EVIL}/a.png)](${EVIL})`,
      "bank.example (<https://evil.example/a.png>) (<https://evil.example/>)",
    ],
    [`<${EVIL}|https://bank.example>`, "https://bank.example (<https://evil.example/>)"],
    ["[me@bank.example](mailto:me@evil.example)", "me@bank.example (<mailto:me@evil.example>)"],
    [`[me@bank.example](${EVIL})`, "me@bank.example (<https://evil.example/>)"],
  ])("as an image, in Slack's own form, as a mail address: %s", (markdown, shown) =>
    expect(revealLinks(markdown)).toBe(shown),
  );

  it.each([
    ["https://bank.example@evil.example/a", "https://evil.example/a"],
    ["<https://bank.example:443@evil.example/>", "https://evil.example/"],
    ["https://bank.example%2F@evil.example/", "https://evil.example/"],
    ["<https://аpple.com>", "https://xn--pple-43d.com/"],
    ["https://аррӏе.com/", "https://xn--80ak6aa92e.com/"],
  ])("an address that reads as another one: %s", (address, real) => {
    expect(revealLinks(`See ${address}, please`)).toBe(`See ${address} (<${real}>), please`);
  });

  it.each([
    ["[аpple.com](https://apple.com)", "аpple.com (<https://apple.com/>)"],
    ["[apple.com](https://аpple.com)", "apple.com (<https://xn--pple-43d.com/>)"],
    ["[аpple.com](https://аpple.com)", "аpple.com (<https://xn--pple-43d.com/>)"],
    [
      "[bank.example](https://bank.example@evil.example/)",
      "bank.example (<https://evil.example/>)",
    ],
  ])("a link with letters or names that pass for others: %s", (markdown, shown) =>
    expect(revealLinks(markdown)).toBe(shown),
  );
});

it.each([
  `[the docs](${EVIL})`,
  "[https://bank.example](https://bank.example)",
  "[bank.example](https://www.bank.example/)",
  "[bank.example/a](https://bank.example/a/)",
  "[https://bank.example/a…](https://bank.example/abc)",
  "[me@bank.example](mailto:me@bank.example)",
  "[README.md](https://git.example/a/blob/main/README.md) [node.js](https://nodejs.org) [index.ts](./index.ts)",
  "[v1.2.3](https://a.example) [e.g.](https://b.example) [3.14](https://c.example)",
  "https://пример.рф and https://münchen.de and https://例え.テスト",
  "[x](javascript:alert(1)) [bank.example](evil) [a] [1] [^1]",
  `\\[bank.example](${EVIL}`,
  "a < b, a[i](x), f(a)[0], - [ ] task, [x] done",
])("other links and words stay: %s", (markdown) => expect(revealLinks(markdown)).toBe(markdown));

describe("code", () => {
  const link = `[bank.example](${EVIL})`;
  const shown = "bank.example (<https://evil.example/>)";
  it.each([
    `\`${link}\``,
    `\`\`a \` ${link}\`\``,
    `\`\`\`md\n${link}\n\`\`\``,
    `~~~\n${link}\n~~~~`,
    `- \`\`\`\n  ${link}\n  \`\`\``,
  ])("stays: %s", (code) => expect(revealLinks(code)).toBe(code));

  it.each([
    ["a single backtick", "`a\n\n# b` %"],
    ["backticks in two lines", "- `a\n- % `b`"],
    ["backticks in two cells", "| ` | % | ` |"],
    ["an escaped backtick", "\\`a % \\`"],
    ["a block that its quote ends", "> ```\n%\n```"],
    ["a block that its list ends", "- ```\n% ```"],
    ["a block that never ends", "```\n%"],
    ["what only looks like a block", "``` a ` b\n%\n```"],
  ])("is not where %s only looks like it", (_, markdown) => {
    expect(revealLinks(markdown.replace("%", link))).toContain(shown);
  });
});

const PIECES = [
  "[",
  "]",
  "(",
  ")",
  "![",
  "](",
  "][",
  "]:",
  "<",
  ">",
  "`",
  "```\n",
  "\\",
  "\n",
  " ",
  "bank.example",
  EVIL,
  "https://a@b.example",
  "[a]: b\n",
  "|",
  "&#46;",
];

it("is idempotent and loses no text, for any input", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })), {
        maxLength: 30,
      }),
      (pieces) => {
        const once = revealLinks(pieces.join(""));
        expect(revealLinks(once)).toBe(once);
      },
    ),
    { numRuns: 1000 },
  );
});

it.each([...PIECES, `[bank.example](${EVIL}) `, "[a](<", "[a](", "[a]", '[a](b "', "![a", "`a``"])(
  "a text full of %j takes time that grows with its length",
  (piece) => expect(growthOf(revealLinks, piece, 30_000)).toBeLessThanOrEqual(MOST_GROWTH),
);
