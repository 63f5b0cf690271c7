import fc from "fast-check";
import { expect, it } from "vitest";
import { joinRest, openFence } from "../../src/moves/join-rest.ts";
import { propertyRuns } from "../support/property-runs.ts";

it.each([
  ["in mid-word", "It is forty-", "two.", "It is forty-two."],
  ["in mid-word, without a sign", "The capital is Par", "is.", "The capital is Paris."],
  ["between words", "one two", " three", "one two three"],
  ["behind a space", "one two ", "three", "one two three"],
  [
    "with the last words repeated",
    "one two three four",
    "two three four five",
    "one two three four five",
  ],
  ["with the last word written out", "of the wor", "world is", "of the world is"],
  [
    "with the repeated words on a new line",
    "- one\n- two is here",
    "\n- two is here\n- three",
    "- one\n- two is here\n- three",
  ],
  ["with letters that agree by chance", "ban", "ana", "banana"],
  ["in a code block", "```js\nlet a", " = 1;\n```\nDone.", "```js\nlet a = 1;\n```\nDone."],
  [
    "in a code block that is opened again",
    "```js\nlet a = 1;\n",
    "```js\nlet b;\n```\nDone.",
    "```js\nlet a = 1;\nlet b;\n```\nDone.",
  ],
  [
    "in a code block that is opened again without its language",
    "```\nlet a = 1;\n",
    "```\nlet b;\n```\nDone.",
    "```\nlet a = 1;\nlet b;\n```\nDone.",
  ],
  ["before the end of a code block", "```js\nlet a;\n", "```\nDone.", "```js\nlet a;\n```\nDone."],
  [
    "in a code block whose last line is repeated",
    "```js\nlet a = 1;\nlet bee",
    "```js\nlet bee = 2;\n```",
    "```js\nlet a = 1;\nlet bee = 2;\n```",
  ],
  ["with nothing more", "one", "  ", "one"],
])("joins a rest %s", (_, cut, rest, whole) => expect(joinRest(cut, rest)).toBe(whole));

it("takes an answer that begins anew in place of the cut one", () => {
  const start = "A long beginning of an answer that fills more than sixty characters, ";
  expect(joinRest(`${start}and breaks`, `${start}and ends here.`)).toBe(`${start}and ends here.`);
  expect(joinRest(`${start}and breaks off`, start)).toBe(`${start}and breaks off`);
});

it("loses nothing and doubles nothing when the rest repeats words of the end", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{3,9}$/), { minLength: 12, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.nat(), fc.integer({ min: 0, max: 6 }), (all, at, repeated) => {
      // Each word once, so that the seam is certain.
      const text = [...new Set(all)].join(" ");
      const cut = Math.max(30, at % text.length);
      const from = repeated === 0 ? cut : text.lastIndexOf(" ", cut - 12 - repeated * 3) + 1;
      expect(joinRest(text.slice(0, cut), text.slice(from))).toBe(text);
    }),
    { numRuns: propertyRuns(200) },
  );
});

it("knows whether a code block is open", () => {
  expect(openFence("```js\nx")).toBe("```");
  expect(openFence("```js\nx\n```\ny")).toBeNull();
  expect(openFence("~~~~\n```\n")).toBe("~~~~");
});
