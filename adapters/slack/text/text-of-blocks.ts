/** Where blocks and attachments keep what people read; links are read by their text. */
const TEXTS = ["text", "fallback", "title", "value"] as const;
const PARTS = ["blocks", "elements", "fields", "rows", "attachments"] as const;

/** The words of a message that has no text of its own, as other apps post them: a line for each part. Pure. */
export function textOfBlocks(value: unknown): string {
  if (Array.isArray(value)) return joinLines(value.map(textOfBlocks));
  if (typeof value !== "object" || value === null) return "";
  const entries = new Map<string, unknown>(Object.entries(value));
  if (entries.get("type") === "rich_text_section") return inline(entries.get("elements"));
  const own = TEXTS.map((key) => entries.get(key)).find((text) => text !== undefined);
  const words = typeof own === "string" ? own : textOfBlocks(own);
  return joinLines([words, ...PARTS.map((key) => textOfBlocks(entries.get(key)))]);
}

const inline = (elements: unknown): string =>
  Array.isArray(elements) ? elements.map(textOfBlocks).join("") : "";

const joinLines = (lines: readonly string[]): string =>
  lines.filter((line) => line.trim() !== "").join("\n");
