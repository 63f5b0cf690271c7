import type { ToolSpec } from "../backends/backend.ts";

const text = (description: string) => ({ type: "string", description });

const REVIEW_PROPERTIES = {
  reason: text(
    "Why the best answer is the best, in one or two sentences that people may read. Empty if you review nothing.",
  ),
  objection: text(
    "One sentence that quotes a claim in an answer and says what is wrong with it. Empty if you have no objection.",
  ),
  objection_to: text("The label of the answer you object to. Empty if you have no objection."),
  scores: {
    type: "array",
    description: "One score for every answer under review. Empty if there are none.",
    items: {
      type: "object",
      properties: {
        answer: text("The label of the answer."),
        score: { type: "number", description: "From 0, worthless, to 10, nothing to improve." },
      },
      required: ["answer", "score"],
      additionalProperties: false,
    },
  },
};

const closed = (properties: Readonly<Record<string, unknown>>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** Identical in every move, because tools start the cached prefix. Reasons precede scores, so that the model reasons first. */
export const TOOLS: readonly ToolSpec[] = [
  {
    name: "vote",
    description: "Ends a review: scores every answer under review. Changes no answer.",
    schema: closed(REVIEW_PROPERTIES),
  },
  {
    name: "new_answer",
    description:
      "Hands in a complete answer to the request. In a review it replaces the answer you gave before and must come with a score for every answer under review.",
    schema: closed({
      ...REVIEW_PROPERTIES,
      content: text("The whole answer, in Markdown, exactly as it is to be posted."),
    }),
  },
];
