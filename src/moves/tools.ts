import type { ToolSpec } from "../backends/backend.ts";
import type { Policy } from "../coordination/policy.ts";

const text = (description: string) => ({ type: "string", description });

const SCORE = { type: "number", description: "From 0, worthless, to 10, nothing to improve." };
const CHANCE = {
  type: "integer",
  description: "Chance from 0 to 100 that its main claim is right and that it does what was asked.",
};
const SAME_AS = text(
  "The label of an earlier answer in this list that comes to the same result, whatever its wording. Empty if there is none, or in doubt.",
);

const reviewProperties = (entry: Readonly<Record<string, unknown>>) => ({
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
    items: closed({ answer: text("The label of the answer."), ...entry }),
  },
});

const closed = (properties: Readonly<Record<string, unknown>>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** What reviewers are asked for, by the team's policy. */
type Wanted = Pick<Policy, "tally" | "ballot">;

/** Identical in every move of a team, because tools start the cached prefix. Reasons precede scores, so that the model reasons first. */
export const toolsOf = ({ tally, ballot }: Wanted): readonly ToolSpec[] => {
  const entry = ballot === "chance" ? { chance: CHANCE } : { score: SCORE };
  return tally === "pooled"
    ? tools(reviewProperties({ ...entry, same_as: SAME_AS }), { claim: CLAIM })
    : tools(reviewProperties({ score: SCORE }), {});
};

const CLAIM = text(
  "The result of the answer in at most 12 words, or open if it has no single result.",
);

type Properties = Readonly<Record<string, unknown>>;

const tools = (review: Properties, claim: Properties): readonly ToolSpec[] => [
  {
    name: "vote",
    description: "Ends a review: scores every answer under review. Changes no answer.",
    schema: closed(review),
  },
  {
    name: "new_answer",
    description:
      "Hands in a complete answer to the request. In a review it replaces the answer you gave before and must come with a score for every answer under review.",
    schema: closed({
      ...review,
      content: text("The whole answer, in Markdown, exactly as it is to be posted."),
      ...claim,
    }),
  },
];
