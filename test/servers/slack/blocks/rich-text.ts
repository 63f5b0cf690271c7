import type { Fields } from "../state/fields.ts";

/** What people type becomes rich text: mentions are elements, and code is code, whatever stands in it. */
export function richTextOf(text: string, blockId: string): Fields {
  const elements = text
    .split(/(`[^`\n]+`|<[@#!][^>]+>)/)
    .filter((part) => part !== "")
    .map(elementOf);
  return {
    type: "rich_text",
    block_id: blockId,
    elements: [{ type: "rich_text_section", elements }],
  };
}

function elementOf(part: string): Fields {
  if (/^`.+`$/.test(part)) {
    return { type: "text", text: unescaped(part.slice(1, -1)), style: { code: true } };
  }
  const [, kind, id = ""] = /^<([@#!])([^|>]+)[^>]*>$/.exec(part) ?? [];
  if (kind === "@") return { type: "user", user_id: id };
  if (kind === "#") return { type: "channel", channel_id: id };
  if (kind === "!" && id.startsWith("subteam^")) {
    return { type: "usergroup", usergroup_id: id.slice("subteam^".length) };
  }
  if (kind === "!") return { type: "broadcast", range: id };
  return { type: "text", text: unescaped(part) };
}

/** Slack escapes exactly these three. */
export const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** What was typed, as Slack sends it: mentions and links as they are, the rest escaped. */
export const escapedTyping = (typed: string): string =>
  typed
    .split(/(<(?:[@#!][^>\s]+|https?:\/\/[^>\s]+)>)/)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    )
    .join("");
