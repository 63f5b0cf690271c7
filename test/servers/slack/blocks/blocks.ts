import { z } from "zod";
import { accessory, button, feedback, image, inputElement, interactive } from "./elements.ts";
import { anyText, list, mrkdwn, plain, richText, string } from "./text.ts";

const block = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), block_id: string(255).optional(), ...shape });

const section = block("section", {
  text: anyText(3000).optional(),
  fields: list(anyText(2000), 10).optional(),
  accessory: accessory.optional(),
  expand: z.boolean().optional(),
});
const header = block("header", { text: plain(150), level: z.number().int().optional() });
const context = block("context", {
  elements: list(z.discriminatedUnion("type", [image, plain(2000), mrkdwn(2000)]), 10),
});
const actions = block("actions", { elements: list(interactive, 25) });
const divider = block("divider", {});
const imageBlock = block("image", {
  alt_text: string(2000, 1),
  image_url: string(3000).optional(),
  slack_file: z.looseObject({}).optional(),
  title: plain(2000).optional(),
});
const input = block("input", {
  label: plain(2000),
  element: inputElement,
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});
const file = block("file", { source: z.string(), external_id: z.string() });
const video = block("video", {
  video_url: z.string(),
  thumbnail_url: z.string(),
  alt_text: z.string(),
  title: plain(200),
  title_url: z.string().optional(),
  author_name: string(50).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: z.string().optional(),
  description: plain(200).optional(),
});

const cell = z.discriminatedUnion("type", [
  richText,
  z.strictObject({ type: z.literal("raw_text"), text: string(3000, 1) }),
  z.strictObject({ type: z.literal("raw_number"), value: z.number(), text: string(3000, 1) }),
]);
const table = block("table", {
  rows: list(list(cell, 20), 100),
  column_settings: list(
    z
      .strictObject({
        align: z.enum(["left", "center", "right"]).optional(),
        is_wrapped: z.boolean().optional(),
      })
      .nullable(),
    20,
  ).optional(),
});
const dataTable = block("data_table", {
  rows: list(list(cell, 20), 100),
  caption: z.string(),
  page_size: z.number().int().optional(),
  row_header_column_index: z.number().int().optional(),
});

const taskCard = block("task_card", {
  task_id: string(255, 1),
  title: string(256, 1),
  details: richText.optional(),
  output: richText.optional(),
  sources: z
    .array(z.strictObject({ type: z.literal("url"), url: z.string(), text: z.string() }))
    .optional(),
  status: z.enum(["pending", "in_progress", "complete", "error"]),
});
const plan = block("plan", { title: string(256, 1), tasks: z.array(taskCard).optional() });
const alert = block("alert", {
  text: anyText(3000),
  level: z.enum(["default", "info", "warning", "error", "success"]).optional(),
});
const card = block("card", {
  hero_image: image.optional(),
  icon: image.optional(),
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  body: mrkdwn(200).optional(),
  actions: list(button, 5).optional(),
});
const container = block("container", {
  title: plain(150).optional(),
  rich_text_title: richText.optional(),
  subtitle: anyText(150).optional(),
  child_blocks: list(
    z.discriminatedUnion("type", [
      actions,
      context,
      divider,
      file,
      header,
      imageBlock,
      input,
      richText,
      section,
      table,
      video,
    ]),
    10,
  ),
  width: z.enum(["narrow", "standard", "wide", "full"]).optional(),
  icon: image.optional(),
  is_collapsible: z.boolean().optional(),
  default_collapsed: z.boolean().optional(),
  has_header_divider: z.boolean().optional(),
});

const everywhere = [section, header, context, actions, divider, imageBlock, input, video] as const;

export const messageBlock = z.discriminatedUnion("type", [
  ...everywhere,
  alert,
  card,
  block("carousel", { elements: list(card, 10) }),
  container,
  block("context_actions", { elements: list(feedback, 5) }),
  dataTable,
  file,
  block("markdown", { text: string(12_000, 1) }),
  plan,
  richText,
  table,
  taskCard,
]);
/** Modals and home tabs: neither Markdown nor tables, nor what only agents' messages have. */
export const viewBlock = z.discriminatedUnion("type", [...everywhere, alert, card, richText]);
