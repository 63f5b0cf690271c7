import fc from "fast-check";

/** Words are numbered when the document is put together, so that each stands in it once; `h…` are those of table headers. */
const word = fc.constant("w#");
const words = (min: number, max: number) =>
  fc.array(word, { minLength: min, maxLength: max }).map((all) => all.join(" "));

const inline = fc.oneof(
  { weight: 6, arbitrary: word },
  fc.constantFrom(
    "w#.",
    "w#, w#!",
    "**w# w#**",
    "`w# w#`",
    "[w# w#](https://w#.example)",
    "😀",
    "~~w#~~",
  ),
);
const prose = fc.array(inline, { minLength: 1, maxLength: 60 }).map((all) => all.join(" "));
const fence = fc
  .tuple(
    fc.constantFrom("ts", "js", "text"),
    fc.array(words(0, 8), { minLength: 1, maxLength: 30 }),
  )
  .map(
    ([language, lines]) =>
      `\`\`\`${language}\n${lines.map((line) => `w# ${line}`).join("\n")}\n\`\`\``,
  );
const table = fc
  .array(words(1, 3), { minLength: 1, maxLength: 25 })
  .map((rows) => `| h# | h# |\n|---|---|\n${rows.map((row) => `| ${row} | w# |`).join("\n")}`);
const list = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(prose, fc.boolean()), { minLength: 1, maxLength: 10 }))
  .map(([ordered, items]) =>
    items
      .map(([text, nested], i) => {
        const marker = ordered ? `${i + 1}. ` : "- ";
        return `${marker}${text}${nested ? `\n${" ".repeat(marker.length)}- w# w#` : ""}`;
      })
      .join("\n"),
  );
const quote = fc
  .array(prose, { minLength: 1, maxLength: 3 })
  .map((all) => all.map((text) => `> ${text}`).join("\n>\n"));
const heading = fc
  .tuple(fc.integer({ min: 1, max: 4 }), words(1, 5))
  .map(([n, text]) => `${"#".repeat(n)} ${text}`);

/** Markdown as models write it. Blocks of a kind do not touch, so that what belongs together is plain to see. */
export const markdownDocument = fc
  .array(fc.tuple(prose, fc.oneof(prose, fence, table, list, quote, heading)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((blocks) => {
    let n = 0;
    return blocks
      .flat()
      .join("\n\n")
      .replace(/#(?=[\s.,!*`\]~|]|$)(?<=[wh]#)/g, () => String(n++));
  });

export const tokensOf = (text: string): string[] => text.match(/\b[wh]\d+\b/g) ?? [];
