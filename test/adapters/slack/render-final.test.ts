import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderFinal, renderNote, renderReply } from "../../../adapters/slack/render/render.ts";
import { fold } from "../../../src/coordination/advance.ts";
import type { Outgoing } from "../../../src/platform.ts";
import { type FinalView, finalView } from "../../../src/progress/final-view.ts";
import { turnStory } from "../../support/turn-story.ts";
import { codeRegions } from "../../../src/links/code-regions.ts";
import { isTooLong, problemsOfBlocks } from "../../servers/slack/blocks/validate.ts";
import { looksOf } from "./looks-of.ts";
import { propertyRuns } from "../../support/property-runs.ts";

type Final = Extract<Outgoing, { kind: "final" }>;

const told = finalView(fold(turnStory()));
const content = (text: string, more: Partial<Final> = {}, view: Partial<FinalView> = {}): Final => {
  if (!told) throw new Error("The story has no answer.");
  return {
    kind: "final",
    view: { ...told, text, ...view },
    text,
    chunk: 0,
    chunks: 1,
    ...more,
  };
};

const split = {
  name: "Opus",
  text: "# A hash index\n\n**Fastest** for single keys, see [here](https://example.com/a|b).",
  difference: "A hash index is fastest for single keys.",
};
const objection = { by: "Opus", text: "“ranges are cheap” is not asked for" };

test("an answer is its Markdown, followed by the presenter, the votes and the buttons", () => {
  const text = "Use a **B-tree**.\n\n| a | b |\n|---|---|\n| 1 | 2 |";
  expect(looksOf(renderFinal(content(text)))).toMatchInlineSnapshot(`
    "Use a **B-tree**.

    | a | b |
    |---|---|
    | 1 | 2 |
    Both agents agree · 15s · $0.074
    GPT could not answer: 429 slow down.
    [Why] [Retry…]
    (👍) (👎)"
  `);
  expect(renderFinal(content(text)).text).toBe("Use a *B-tree*.\n\n```\na  b\n─  ─\n1  2\n```");
});

test("after a split vote, the runner-up and the objection are shown too", () => {
  expect(looksOf(renderFinal(content("Use a B-tree.", {}, { split, objection }))))
    .toMatchInlineSnapshot(`
      "Use a B-tree.
      ▸ Split: Opus says “A hash index is fastest for single keys.”
        *A hash index*

      *Fastest* for single keys, see <https://example.com/a%7Cb|here>.
      Both agents agree · 15s · $0.074
      Objection by Opus: “ranges are cheap” is not asked for
      GPT could not answer: 429 slow down.
      [Why] [Retry…]
      (👍) (👎)"
    `);
});

test("the parts before the last hold only text", () => {
  const { blocks } = renderFinal(content("First half.", { chunk: 0, chunks: 2 }));
  expect(blocks).toEqual([{ type: "markdown", text: "First half." }]);
});

test("the longest part with the longest footer fits into a message", () => {
  const notes = Array.from({ length: 30 }, (_, index) => `Note ${index} ${"x".repeat(90)}.`);
  const footer = { ...content("").view.footer, notes };
  const long = { ...split, text: "y ".repeat(9_000), difference: "y".repeat(280) };
  const rendered = renderFinal(content("<&>".repeat(3_333), {}, { split: long, footer }));
  expect(problemsOfBlocks(rendered.blocks ?? [])).toEqual([]);
  expect(isTooLong(rendered.blocks ?? [])).toBe(false);
});

test("a command's reply has one native table, and aligns the others", () => {
  const table = (name: string) =>
    ({
      type: "table",
      columns: ["", name],
      rows: [
        ["A", "1 | 2"],
        ["BB", "日本"],
      ],
    }) as const;
  const reply = renderReply({
    title: "Usage",
    blocks: [table("first"), table("second"), { type: "code", language: "", text: "a ``` b" }],
    visibleTo: "asker",
    ok: false,
  });
  expect(looksOf(reply)).toMatchInlineSnapshot(`
    "⚠️ **Usage**

    |  | first |
    | --- | --- |
    | A | 1 \\| 2 |
    | BB | 日本 |

    \`\`\`
        second
    ──  ──────
    A   1 | 2
    BB  日本
    \`\`\`

    \`\`\`\`
    a \`\`\` b
    \`\`\`\`"
  `);
});

test("a note that is too long is cut where its code block is closed, and says so", () => {
  const { blocks = [], text } = renderNote(`\`\`\`\n${"code\n".repeat(4_000)}\`\`\``);
  expect(problemsOfBlocks(blocks)).toEqual([]);
  expect(text.endsWith("\n```\n\n_… Slack does not show the rest._")).toBe(true);
});

describe("the text of a model notifies nobody", () => {
  const calls = [
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^S012AB3CD>",
    "<@U012AB3CD>",
    "<@U012AB3CD|ada>",
    "@channel",
    "@here",
    "@everyone",
    "&lt;!channel&gt;",
    "&#60;!here&#62;",
    "<\\!channel>",
    "<&#33;everyone>",
    "\\@channel",
    "&commat;here",
    "`<!channel>`",
  ];
  const scraps = fc.constantFrom(
    ...calls,
    "```",
    "`",
    "\n",
    " ",
    "*",
    "[a](",
    ")",
    "|",
    "x",
    "é😀",
  );
  const texts = fc.array(scraps, { maxLength: 30 }).map((parts) => parts.join(""));
  // As Slack reads it once Markdown's entities and backslashes are gone.
  const bare = (text: string) =>
    text
      .replaceAll(/&(?:lt|#0*60|#x0*3c);?/gi, "<")
      .replaceAll(/&(?:#0*33|#x0*21|excl);?/gi, "!")
      .replaceAll(/&(?:#0*64|#x0*40|commat);?/gi, "@")
      .replaceAll("\\", "");
  // Rich text is literal, and the other blocks are verbatim: Slack finds only its own `<…>` in them.
  const heard = (block: object): string => {
    if ("type" in block && block.type === "rich_text") return "";
    return "text" in block && typeof block.text === "string"
      ? bare(withoutCode(block.text))
      : JSON.stringify(block).replaceAll(/(?<!<)@/g, "");
  };
  const withoutCode = (text: string) =>
    codeRegions(text).reduceRight(
      (rest, { from, to }) => rest.slice(0, from) + rest.slice(to),
      text,
    );
  const CALL =
    /<!(?:channel|here|everyone|subteam)|<@[a-z0-9]+[|>]|(?<![\p{L}\p{N}])@(?:channel|here|everyone)\b/iu;

  test.each(calls)("%s", (call) => {
    const { blocks, text } = renderFinal(content(`Hey ${call} look`));
    expect((blocks ?? []).map(heard).join("")).not.toMatch(CALL);
    expect(text).not.toMatch(/<[!@]|@(?:channel|here|everyone)/);
  });

  test("wherever the mention is hidden, also in notes, replies and footers", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const footer = { ...content("").view.footer, presenter: text, notes: [text] };
        const shown = [
          renderFinal(
            content(
              text,
              {},
              {
                split: { ...split, name: text, difference: text },
                objection: { by: text, text },
                footer,
              },
            ),
          ),
          renderNote(text),
        ];
        for (const { blocks = [], text: fallback } of shown) {
          expect(blocks.map(heard).join("\n")).not.toMatch(CALL);
          expect(fallback).not.toMatch(/<[!@]/);
          expect(problemsOfBlocks(blocks)).toEqual([]);
        }
      }),
      { numRuns: propertyRuns(300, 0.3) },
    );
  });

  test("code is posted byte for byte", () => {
    const decorated = "```py\n@group.command()\ndef here(): ...\n```\n\n`@here.get`";
    expect(renderFinal(content(decorated)).blocks?.[0]).toEqual({
      type: "markdown",
      text: decorated,
    });
    const call = "client.send('<!channel> ```')";
    const [before, code, after] =
      renderFinal(content(`Run\n\n~~~js\n${call}\n~~~\n\nin \`<!here>\``)).blocks ?? [];
    expect(before).toEqual({ type: "markdown", text: "Run" });
    expect(code).toMatchObject({
      elements: [{ type: "rich_text_preformatted", elements: [{ text: call }] }],
    });
    expect(after).toMatchObject({ type: "section", text: { text: "in `&lt;!here&gt;`" } });
  });

  test("other text stays as it is", () => {
    const text =
      "me@here.org, <!DOCTYPE html>, List<@NonNull String>, `a < b`, <https://a.b/@x>, @ada";
    expect(renderFinal(content(text)).blocks?.[0]).toEqual({ type: "markdown", text });
  });
});
