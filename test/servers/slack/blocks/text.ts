import { z } from "zod";

/** Lengths in UTF-16 code units; Slack's pages on Block Kit, and the limits seen in practice. */
export const string = (max: number, min = 0) =>
  z
    .string()
    .min(min, `must be more than ${min - 1} characters`)
    .max(max, `must be less than ${max + 1} characters`);

export const list = <T extends z.ZodType>(item: T, max: number, min = 1) =>
  z
    .array(item)
    .min(min, `no fewer than ${min} items allowed`)
    .max(max, `no more than ${max} items allowed`);

export const plain = (max: number) =>
  z.strictObject({
    type: z.literal("plain_text"),
    text: string(max, 1),
    emoji: z.boolean().optional(),
  });

export const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal("mrkdwn"),
    text: string(max, 1),
    verbatim: z.boolean().optional(),
  });

export const anyText = (max: number) => z.discriminatedUnion("type", [plain(max), mrkdwn(max)]);

const style = z.strictObject({
  bold: z.boolean().optional(),
  code: z.boolean().optional(),
  italic: z.boolean().optional(),
  strike: z.boolean().optional(),
  underline: z.boolean().optional(),
});

const inline = z.looseObject({
  type: z.enum([
    "broadcast",
    "channel",
    "color",
    "date",
    "emoji",
    "link",
    "team",
    "text",
    "user",
    "usergroup",
  ]),
  text: z.string().min(1, "must be more than 0 characters").optional(),
  style: style.optional(),
});

const border = { border: z.union([z.literal(0), z.literal(1)]).optional() };
const section = z.strictObject({
  type: z.literal("rich_text_section"),
  elements: z.array(inline),
});

export const richText = z.strictObject({
  type: z.literal("rich_text"),
  block_id: string(255).optional(),
  elements: z.array(
    z.discriminatedUnion("type", [
      section,
      z.strictObject({
        type: z.literal("rich_text_list"),
        elements: z.array(section),
        style: z.enum(["bullet", "ordered"]),
        indent: z.number().int().min(0).max(8).optional(),
        offset: z.number().int().optional(),
        ...border,
      }),
      z.strictObject({ type: z.literal("rich_text_quote"), elements: z.array(inline), ...border }),
      z.strictObject({
        type: z.literal("rich_text_preformatted"),
        elements: z.array(inline),
        language: z.string().optional(),
        ...border,
      }),
    ]),
  ),
});
