import { expect, test } from "vitest";
import { markdownSections } from "../../../adapters/slack/render/sections.ts";
import { toMrkdwn } from "../../../adapters/slack/render/mrkdwn.ts";
import { finish } from "../../../src/slices.ts";

test.each([
  ["## Pointers: `int *p` and *more*", "*Pointers:* `int *p` *and _more_*"],
  ["# **All** bold", "*All bold*"],
  ["**bold** and ~~gone~~", "*bold* and ~gone~"],
  ["`@group.command()` and `<!channel>`", "`@group.command()` and `&lt;!channel&gt;`"],
  ["```\n@channel\n```", "```\n@channel\n```"],
])("%j is %j in Slack's marks", (markdown, marks) => {
  expect(toMrkdwn(markdown)).toBe(marks);
});

const blocks = (markdown: string) => finish(markdownSections(markdown));

test("bold beside letters is rich text, since Slack's marks need blanks around them", () => {
  const text = (words: string, style?: object) => ({
    type: "text",
    text: words,
    ...(style && { style }),
  });
  expect(blocks("这是**重要**的")).toEqual([
    {
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [text("这是"), text("重要", { bold: true }), text("的")],
        },
      ],
    },
  ]);
  expect(blocks("a **word** here")[0]).toMatchObject({
    type: "section",
    text: { text: "a *word* here" },
  });
});

test("code with backticks is rich text, byte for byte", () => {
  const code = "# x\n```js\nlet a;\n```";
  expect(blocks(`Look:\n\n~~~md\n${code}\n~~~\n\nand \`\`a\`b\`\``)).toMatchObject([
    { type: "section", text: { text: "Look:" } },
    { elements: [{ type: "rich_text_preformatted", elements: [{ text: code }] }] },
    { elements: [{ elements: [{ text: "and " }, { text: "a`b", style: { code: true } }] }] },
  ]);
});
