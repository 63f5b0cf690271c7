import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../support/property-runs.ts";
import { both, dripped, read, whole } from "./read.ts";
import { growthOf, MOST_GROWTH } from "../../support/growth.ts";

describe("what talks about such tags stays whole", () => {
  test.each([
    "Use `<think>` and `</think>`.",
    "Use <think> and </think> around thoughts.",
    "DeepSeek closes with </think>, Qwen too.",
    "The <think> tag opens a thought.",
    "The <tool_call> tag is Qwen's.",
    "```xml\n<think>x</think>\n<tool_call>{}</tool_call>\n```",
    "```\n<|im_end|>\n",
    "~~~\n</think>\n~~~\nand `a </think> b`",
    "- item\n  ```\n  [THINK]x[/THINK]\n  ```\n- next",
    "> ```\n> <said>\n> ```",
    "Text:\n\n    <think>x</think>\n    </s>\n\nend",
    "``a ` <think>b</think>``",
    "`multi\nline </think> span`",
    "1 < 2 and a<b>c</b> and x <y and [1] [THINGS]",
    "<s>old</s> new",
    "\\<think\\> is escaped",
    "It`s 5 o`clock",
    '<div class="thinking">x</div>',
    "Assistants: two. Parley is a bot.",
    "analysisResult = 42",
    "<answer>42</answer>",
    "XML: <response><output>42</output></response>",
  ])("%j", (text) => {
    const { text: said, thinking, calls } = whole(text);
    expect({ said, thinking, calls }).toEqual({ said: text, thinking: "", calls: [] });
    expect(dripped(text)).toMatchObject({ text, thinking: "", calls: [] });
  });

  const tag = fc.constantFrom(
    "<think>",
    "</think>",
    "<|im_end|>",
    "</s>",
    "[THINK]",
    "<tool_call>{}",
    "<said>",
    "<|channel|>analysis<|message|>",
    "[TOOL_CALLS]",
    "Parley:",
    "◁think▷",
    "<｜tool▁calls▁begin｜>",
  );
  const word = fc.constantFrom("x", " ", "42", "\n", "a < b", "é", "{", "}");
  const inside = fc.array(fc.oneof(tag, word), { maxLength: 8 }).map((parts) => parts.join(""));
  const block = fc
    .tuple(fc.constantFrom("```", "````", "~~~"), fc.constantFrom("", "js", "xml"), inside)
    .map(([fence, info, body]) => `\n\n${fence}${info}\n${body}\n${fence}\n\n`);
  const span = inside
    .map((body) => body.replaceAll("\n", " "))
    .filter((body) => body.trim() !== "")
    .map((body) => `\`${body}\``);
  const prose = fc.constantFrom("So: ", "It is 42. ", "\n\nNext ", "• ");

  test("what talks about such tags in any code stays whole to the byte, wherever the network cuts it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(block, span, prose), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(40), { maxLength: 12 }),
        (parts, cuts) => {
          const text = `Look: ${parts.join("")}`;
          const pieces: string[] = [];
          let at = 0;
          for (const cut of cuts) {
            pieces.push(text.slice(at, at + cut));
            at += cut;
          }
          const result = read([...pieces, text.slice(at)]);
          expect(result).toMatchObject({ text, thinking: "", calls: [] });
        },
      ),
      { numRuns: propertyRuns(300) },
    );
  });

  test("any text at all comes to the same, wherever the network cuts it", () => {
    const anything = fc.array(
      fc.oneof(tag, word, block, span, prose, fc.string({ maxLength: 5 })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(anything, (parts) => void both(parts.join(""))),
      { numRuns: propertyRuns(300) },
    );
  });
});

test.each(["<think ", "`x ", "a <b "])(
  "a long reply of %j takes time in proportion to its length",
  (piece) => {
    const inChunks = (text: string) => read(text.match(/[^]{1,20}/g) ?? []);
    expect(growthOf(inChunks, piece, 20_000)).toBeLessThanOrEqual(MOST_GROWTH);
  },
);
