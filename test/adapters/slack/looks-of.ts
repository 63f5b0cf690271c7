import type { SlackText } from "../../../adapters/slack/render/blocks.ts";
import { problemsOfBlocks } from "../../servers/slack/blocks/validate.ts";
import { isFields, textIn, type Fields } from "../../servers/slack/state/fields.ts";

const elementsOf = (block: Fields): readonly Fields[] => {
  const { elements, accessory, element } = block;
  return [...(Array.isArray(elements) ? elements : []), accessory, element].filter(isFields);
};

const textOf = (value: unknown): string => (isFields(value) ? (textIn(value, "text") ?? "") : "");

function linesOf(block: Fields): readonly string[] {
  const buttons = elementsOf(block).flatMap((element) =>
    element["type"] === "button" ? `[${textOf(element["text"])}]` : [],
  );
  const texts = [
    typeof block["text"] === "string" ? block["text"] : textOf(block["text"]),
    textOf(block["label"]),
    ...elementsOf(block).flatMap((element) =>
      element["type"] === "mrkdwn" ? (textIn(element, "text") ?? "") : [],
    ),
  ].filter((text) => text !== "");
  return [...texts, ...(buttons.length > 0 ? [buttons.join(" ")] : [])];
}

/** Blocks as text: what stands there, in Slack's marks, and `[the buttons]`. */
export const looksOfBlocks = (blocks: readonly object[]): string =>
  blocks.filter(isFields).flatMap(linesOf).join("\n");

/** A message as text. Throws when Slack would refuse it. */
export function looksOf({ blocks = [] }: SlackText): string {
  const problems = problemsOfBlocks(blocks);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return looksOfBlocks(blocks);
}
