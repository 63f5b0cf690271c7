import { z } from "zod";

/** Shapes of replies, for servers that omit fields, send null, or spell numbers as strings. What cannot be read counts as missing. */

/** A field of any type, or none. */
export const anything = z.unknown().optional();

export const text = z.string().catch("");

/** What `text` makes of a value, without a schema: pieces of a stream come by the thousand. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*\d+(?:\.\d+)?\s*$/)
    .transform(Number),
]);

/** Tokens. */
export const count = numeric.catch(0);
/** Tokens; null: not reported. */
export const maybeCount = numeric.nullable().catch(null);
/** A number of an item; undefined: it has none. */
export const index = numeric.optional().catch(undefined);

/** What `index` makes of a value. Most are plain, and need no schema. */
export const indexOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : index.parse(value);

export const flag = z
  .union([z.boolean(), z.literal(["true", "false"]).transform((word) => word === "true")])
  .catch(false);

/** The arguments of a call: JSON text, or the value itself. */
export function argumentsOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : "";
}

/** A list whose unreadable items are left out; a lone item counts as a list of one. */
export const list = <T extends z.ZodType>(item: T) =>
  anything.transform((value): z.infer<T>[] => {
    const items: readonly unknown[] = Array.isArray(value) ? value : isObject(value) ? [value] : [];
    return items.flatMap((one) => {
      const read = item.safeParse(one);
      return read.success ? [read.data] : [];
    });
  });

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a message's content says. */
export interface ContentText {
  readonly text: string;
  readonly thinking: string;
  readonly refusal: string;
}

const NOTHING: ContentText = { text: "", thinking: "", refusal: "" };

/** Content as a string, one part, or parts of any kind. */
export function contentText(content: unknown): ContentText {
  if (typeof content === "string") return { ...NOTHING, text: content };
  if (Array.isArray(content)) {
    return content.map(contentText).reduce(
      (all, part) => ({
        text: all.text + part.text,
        thinking: all.thinking + part.thinking,
        refusal: all.refusal + part.refusal,
      }),
      NOTHING,
    );
  }
  return isObject(content) ? partText(content) : NOTHING;
}

function partText(part: Readonly<Record<string, unknown>>): ContentText {
  const type = typeof part["type"] === "string" ? part["type"] : "text";
  if (type === "refusal") return { ...NOTHING, refusal: wordsOf(part["refusal"] ?? part["text"]) };
  const words = wordsOf(part["text"] ?? part["thinking"] ?? part["content"] ?? part["summary"]);
  if (/think|reason|thought/.test(type)) return { ...NOTHING, thinking: words };
  return /^(?:text|output_text|input_text)$/.test(type) ? { ...NOTHING, text: words } : NOTHING;
}

/** The words of a field that may itself hold parts. */
export function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  const { text: said, thinking } = contentText(value);
  return said + thinking;
}
