import { isFields, textIn, type Fields } from "../state/fields.ts";

type NextId = (prefix: string) => string;

/** What Slack keeps of the blocks it was sent: every block and element has an id. */
export const withIds = (blocks: readonly Fields[], nextId: NextId): readonly Fields[] =>
  blocks.map((block) => ({
    ...block,
    block_id: textIn(block, "block_id") ?? nextId("b"),
    ...(block["type"] === "actions" && { elements: withActionIds(block["elements"], nextId) }),
  }));

const withActionIds = (elements: unknown, nextId: NextId): unknown =>
  Array.isArray(elements)
    ? elements.filter(isFields).map((element) => ({ action_id: nextId("a"), ...element }))
    : elements;

/** What it hands out again: Markdown only in its translation, under an id of Slack's own. */
export const asHandedOut = (blocks: readonly Fields[] | undefined): readonly Fields[] | undefined =>
  blocks?.map((block, index) =>
    block["type"] === "markdown" ? translated(textIn(block, "text") ?? "", `md${index}`) : block,
  );

function translated(markdown: string, blockId: string): Fields {
  const text = markdown.replace(/(\*\*|__|~~|`)(.+?)\1/g, "$2").replace(/^#{1,6} /gm, "");
  return {
    type: "rich_text",
    block_id: blockId,
    elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
  };
}
