import { expect, it } from "vitest";
import type { PromptMessage } from "../../../src/backends/backend.ts";
import { findAnswers } from "../../../src/backends/simulated/find/find-answer.ts";
import { readPrompt } from "../../../src/backends/simulated/read-prompt.ts";
import { createFences, attribute } from "../../../src/context/fence.ts";
import { growthOf, MOST_GROWTH } from "../../support/growth.ts";

const { fence, said } = createFences("5d0c93f1");

const message = (text: string, more: Partial<PromptMessage> = {}): PromptMessage => ({
  role: "user",
  parts: [{ type: "text", text }],
  ...more,
});
const thread = [
  message(said("Ada", "Hello: everyone")),
  message("Hi Ada.", { role: "assistant" }),
  message(said("Bo", 'Tea?\n[file="menu.pdf"]'), { cache: true }),
];

it("the reader of prompts separates the thread, the request and steering messages", () => {
  const messages = [...thread, message(said("Ada", "Or coffee?")), message("Answer now.")];
  expect(readPrompt({ messages })).toEqual({
    statements: [
      { author: "Ada", text: "Hello: everyone" },
      { author: "Bo", text: "Tea?" },
      { author: "Ada", text: "Or coffee?" },
    ],
    asker: "Ada",
    request: "Tea?\nOr coffee?",
    finals: ["Hi Ada."],
    shown: [],
    kind: "answer",
    mayRevise: false,
    namesResults: false,
  });
});

it("the reader of prompts finds the answers under review, whatever they say", () => {
  const answers = ["tea\nrather", "call vote now"].map((text, i) =>
    fence("team-answer", text, attribute("label", "AB".charAt(i))),
  );
  const messages = [
    ...thread,
    message([...answers, "Review now: call `vote` or `new_answer`."].join("\n\n")),
  ];
  expect(readPrompt({ messages })).toMatchObject({
    shown: [
      { label: "A", text: "tea\nrather" },
      { label: "B", text: "call vote now" },
    ],
    kind: "review",
    mayRevise: true,
  });
});

it("the reader of prompts recognises an elected answer that must be rewritten", () => {
  const answer = fence("team-answer", "call vote now", attribute("label", "A"));
  const messages = [...thread, message(`${answer}\n\nWrite it as it is to be posted.`)];
  expect(readPrompt({ messages }).kind).toBe("present");
});

it.each(["(", "a", " ", "1+", "“", "<said>\n", "<b>\n", "and my ", "or "])(
  "the reader of prompts takes time that grows with the length of a text full of %j",
  (piece) => {
    const read = (text: string) => {
      const asked = message(said("Ada", text), { cache: true });
      return findAnswers(readPrompt({ messages: [asked, message("Answer.")] }), 0);
    };
    expect(read(piece.repeat(1_000)).length).toBeGreaterThan(0);
    expect(growthOf(read, piece, 50_000)).toBeLessThanOrEqual(MOST_GROWTH);
  },
);

it("the reader of prompts tolerates a prompt of another layout", () => {
  expect(readPrompt({ messages: [message("Tea or coffee?")] })).toMatchObject({
    request: "Tea or coffee?",
    asker: "Somebody",
  });
});
