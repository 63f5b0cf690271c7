import type { SlackText } from "../../../adapters/slack/render/blocks.ts";
import { problemsOfBlocks } from "../../servers/slack/blocks/validate.ts";
import { isFields, textIn, type Fields } from "../../servers/slack/state/fields.ts";

const fieldsIn = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];

const elementsOf = (block: Fields): readonly Fields[] => {
  const { elements, accessory, element } = block;
  return [...fieldsIn(elements), ...[accessory, element].filter(isFields)];
};

const textOf = (value: unknown): string => (isFields(value) ? (textIn(value, "text") ?? "") : "");

function linesOf(block: Fields): readonly string[] {
  if (block["type"] === "container") {
    const children = fieldsIn(block["child_blocks"]).flatMap(linesOf);
    const sign = block["default_collapsed"] === true ? "▸" : "▾";
    return [`${sign} ${textOf(block["title"])}`, ...children.map((line) => `  ${line}`)];
  }
  if (Array.isArray(block["rows"])) {
    const rows = block["rows"].map((row) => `| ${fieldsIn(row).map(textOf).join(" | ")} |`);
    return [textIn(block, "caption") ?? "", ...rows];
  }
  const buttons = elementsOf(block).flatMap(buttonsOf);
  const texts = [
    typeof block["text"] === "string" ? block["text"] : textOf(block["text"]),
    textOf(block["label"]),
    ...elementsOf(block).flatMap((element) =>
      element["type"] === "mrkdwn" ? (textIn(element, "text") ?? "") : [],
    ),
  ].filter((text) => text !== "");
  return [...texts, ...(buttons.length > 0 ? [buttons.join(" ")] : [])];
}

function buttonsOf(element: Fields): readonly string[] {
  if (element["type"] === "button") return [`[${textOf(element["text"])}]`];
  if (element["type"] === "feedback_buttons") {
    const halves = [element["positive_button"], element["negative_button"]];
    return halves.map((half) => `(${textOf(isFields(half) ? half["text"] : "")})`);
  }
  return fieldsIn(element["option_groups"]).map((group) => {
    const options = fieldsIn(group["options"]).map(({ text }) => textOf(text));
    return `{${textOf(group["label"])}: ${options.join(", ")}}`;
  });
}

/**
 * Blocks as text: what stands there, in Slack's marks, `[the buttons]`, `(Slack's own)`, `{group: the options of a menu}` and what ▸ folds.
 */
export const looksOfBlocks = (blocks: readonly object[]): string =>
  blocks.filter(isFields).flatMap(linesOf).join("\n");

/** A message as text. Throws when Slack would refuse it. */
export function looksOf({ blocks = [] }: SlackText): string {
  const problems = problemsOfBlocks(blocks);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return looksOfBlocks(blocks);
}
