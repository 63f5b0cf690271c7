import type { Part, PromptMessage } from "./backend.ts";

export type FilePart = Extract<Part, { type: "file" }>;

/** One role's content, in the provider's blocks. */
export interface RoleBlocks<Block> {
  readonly role: PromptMessage["role"];
  readonly blocks: Block[];
}

/** Anthropic and Gemini require alternating roles that start with a user, and reject empty content. */
export function alternateRoles<Block>(
  messages: readonly PromptMessage[],
  blocksOf: (message: PromptMessage) => Block[],
  opening: Block,
): RoleBlocks<Block>[] {
  const merged: RoleBlocks<Block>[] = [];
  for (const message of messages) {
    const blocks = blocksOf(message);
    const last = merged.at(-1);
    if (last?.role === message.role) last.blocks.push(...blocks);
    else if (blocks.length > 0) merged.push({ role: message.role, blocks });
  }
  return merged[0]?.role === "assistant"
    ? [{ role: "user", blocks: [opening] }, ...merged]
    : merged;
}

/** The first user message of a conversation that starts with an answer. */
export const OPENING = "[The beginning of this conversation is not shown.]";

export const isBlank = (text: string): boolean => text.trim() === "";

/** `image/PNG; q=1` → `image/png`. */
export const mediaTypeOf = (file: FilePart): string => {
  const type = file.mediaType.replace(/;.*/s, "").trim().toLowerCase();
  return type === "image/jpg" ? "image/jpeg" : type;
};

export const isImage = (file: FilePart): boolean => mediaTypeOf(file).startsWith("image/");

export const isPdf = (file: FilePart): boolean => mediaTypeOf(file) === "application/pdf";

/** Neither an image nor text that any model can read. */
export const isDocument = (file: FilePart): boolean => !isImage(file) && !isTextFile(file);

const TEXT_TYPE =
  /^text\/|[/+](json|jsonl|x-ndjson|xml|ya?ml|x-ya?ml|toml|csv|sql|javascript|x-javascript|typescript|x-sh|x-python|x-httpd-php|graphql)$/;

export const isTextFile = (file: FilePart): boolean => TEXT_TYPE.test(mediaTypeOf(file));

/** Decodes UTF-8; invalid bytes become U+FFFD. */
export const textOf = (file: FilePart): string => new TextDecoder().decode(file.data);

export const base64Of = ({ data }: FilePart): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");

/** The file's name on one line, so that it cannot imitate other text. */
export const nameOf = (file: FilePart): string =>
  file.name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim() || "unnamed";

/** A text file for models without document support. */
export const fencedFile = (file: FilePart): string => enclosedFile(file, textOf(file));

/** Text of a file, for files that have no fence of their own. */
export const enclosedFile = (file: FilePart, text: string): string =>
  `<file name=${JSON.stringify(nameOf(file))}>\n${text}\n</file>`;

/** The note that replaces a file that the model cannot read. */
export const fileNote = (file: FilePart, why: string): string =>
  `[File left out: ${nameOf(file)} (${mediaTypeOf(file)}), ${why}.]`;

/** A copy of plain data. It shares the texts, which may be long, unlike a structured clone. */
export function copyData<T>(value: T): T;
export function copyData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => copyData(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyData(one)]));
}
