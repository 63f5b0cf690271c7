import { Attachment, TableBlock } from "../wire/message.ts";

/** Where blocks keep what people read; links are read by their text. */
const TEXTS = ["text", "title", "value"] as const;
const PARTS = ["fields", "elements", "rows", "child_blocks", "blocks"] as const;

/** The text of blocks in Slack's marks, a line for each part. Pure. */
export function textOfBlocks(value: unknown): string {
  if (Array.isArray(value)) return joinLines(value.map(textOfBlocks));
  if (typeof value !== "object" || value === null) return "";
  const type = "type" in value && typeof value.type === "string" ? value.type : "";
  const special = SPECIAL.get(type)?.(value);
  if (special !== undefined) return special;
  const entries = new Map<string, unknown>(Object.entries(value));
  const own = TEXTS.map((key) => entries.get(key)).find((text) => text !== undefined);
  const words = typeof own === "string" ? own : textOfBlocks(own);
  return joinLines([words, ...PARTS.map((key) => textOfBlocks(entries.get(key)))]);
}

/** Blocks and elements that are more than their texts. */
const SPECIAL: ReadonlyMap<string, (value: object) => string | undefined> = new Map([
  ["rich_text_section", (value: object) => inline(elementsOf(value))],
  ["rich_text_list", (value: object) => listText(value)],
  ["rich_text_preformatted", (value: object) => `\`\`\`\n${inline(elementsOf(value))}\n\`\`\``],
  ["table", (value: object) => tableText(value)],
  ["data_table", (value: object) => tableText(value)],
  ["link", (value: object) => bareLink(value)],
]);

const elementsOf = (value: object): unknown => ("elements" in value ? value.elements : []);

/** A link without words is its address. */
const bareLink = (value: object): string | undefined =>
  !("text" in value) && "url" in value && typeof value.url === "string" ? value.url : undefined;

const inline = (elements: unknown): string =>
  Array.isArray(elements) ? elements.map(textOfBlocks).join("") : "";

const joinLines = (lines: readonly string[]): string =>
  lines.filter((line) => line.trim() !== "").join("\n");

function listText(list: object): string {
  const items = "elements" in list && Array.isArray(list.elements) ? list.elements : [];
  const indent =
    "indent" in list && typeof list.indent === "number" ? "    ".repeat(list.indent) : "";
  const isOrdered = "style" in list && list.style === "ordered";
  const offset = "offset" in list && typeof list.offset === "number" ? list.offset : 0;
  return items
    .map((item, at) => `${indent}${isOrdered ? `${offset + at + 1}.` : "•"} ${textOfBlocks(item)}`)
    .join("\n");
}

/** A table as Markdown; "" if it has no rows. */
function tableText(block: object): string {
  const { data } = TableBlock.safeParse(block);
  const [head, ...rows] = (data?.rows ?? []).map((row) => row.map(cellText));
  if (!head) return "";
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const cellText = (cell: unknown): string =>
  textOfBlocks(cell).replaceAll("\n", " ").replaceAll("|", "\\|");

/** The tables that a person pasted beside a text, which holds all the rest. */
export const tablesIn = (blocks: readonly unknown[]): string =>
  blocks
    .map((block) => (TableBlock.safeParse(block).success ? textOfBlocks(block) : ""))
    .filter((table) => table !== "")
    .join("\n\n");

/** What an app's attachment says: alerts have titles, fields and footers. */
export function attachmentText(source: unknown): string {
  const { data } = Attachment.safeParse(source);
  if (!data) return "";
  const { pretext, author_name: author, title, text, fields, footer, blocks, fallback } = data;
  const parts = [
    pretext,
    author,
    title && `*${title}*`,
    text,
    ...fields.map((field) => [field.title, field.value].filter(Boolean).join(": ")),
    textOfBlocks(blocks),
    footer,
  ];
  return joinLines(parts.filter((part) => part !== undefined)) || (fallback ?? "");
}

/** What stands in the attachments of a person's message: forwarded messages as quotes, and tables. Link previews are left out. */
export function attachedByPerson(attachments: readonly unknown[]): string {
  const parts = attachments.map((source) => {
    const { data } = Attachment.safeParse(source);
    if (!data) return "";
    return data.is_share || data.is_msg_unfurl ? forwardedText(data) : tablesIn(data.blocks);
  });
  return parts.filter((part) => part !== "").join("\n\n");
}

function forwardedText(shared: Attachment): string {
  const { author_name: author, text, blocks, message_blocks: messages, files } = shared;
  const said = [
    text ||
      joinLines([
        textOfBlocks(blocks),
        ...messages.map(({ message }) => textOfBlocks(message.blocks)),
      ]),
    ...files.map((file) => `(file: ${file.title ?? file.name ?? file.id})`),
  ].filter((part) => part !== "");
  if (said.length === 0) return "";
  const whole = said.join("\n");
  return (author === undefined ? whole : `${author}: ${whole}`).replaceAll(/^/gm, "&gt; ");
}

/** The text with the titles of the pages, canvases and lists that it links to. */
export function withTitles(text: string, attachments: readonly unknown[]): string {
  const titles = new Map(
    attachments.flatMap((source) => {
      const { data } = Attachment.safeParse(source);
      const url = data?.from_url ?? data?.original_url;
      return data?.title && url ? [[url, data.title] as const] : [];
    }),
  );
  if (titles.size === 0) return text;
  return text.replaceAll(/<(https?:[^<>|]+)>/g, (token, url: string) => {
    const title = titles.get(url.replaceAll("&amp;", "&"));
    return title === undefined ? token : `<${url}|${title.replaceAll(/[<>|]/g, " ")}>`;
  });
}

/** The text of another app's message, which may be in its blocks or attachments. */
export const appTextOf = (message: {
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly attachments: readonly unknown[];
}): string =>
  joinLines([
    message.text || textOfBlocks(message.blocks),
    message.text === "" ? "" : tablesIn(message.blocks),
    ...message.attachments.map(attachmentText),
  ]);
