import { z } from "zod";

/** Lengths in UTF-16 code units: https://docs.slack.dev/reference/block-kit/blocks. Slack does not say which unit it counts; no other one counts more. */
const text = (most: number, least = 0) => z.string().min(least).max(most);
const plain = (most: number) => z.object({ type: z.literal("plain_text"), text: text(most, 1) });
const anyText = (most: number) =>
  z.object({ type: z.enum(["plain_text", "mrkdwn"]), text: text(most, 1) });

const LABEL = { accessibility_label: text(75).optional() };
const ACTION = { action_id: text(255).optional() };

const button = z.object({
  type: z.literal("button"),
  ...ACTION,
  ...LABEL,
  text: plain(75),
  value: text(2_000).optional(),
});
const option = z.object({ text: plain(75), value: text(150, 1) });
const choices = z.object({
  type: z.enum(["static_select", "conversations_select", "radio_buttons"]),
  ...ACTION,
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z
    .array(z.object({ label: plain(75), options: z.array(option).min(1).max(100) }))
    .min(1)
    .max(100)
    .optional(),
  placeholder: plain(150).optional(),
});
const input = z.object({
  type: z.literal("plain_text_input"),
  ...ACTION,
  initial_value: text(3_000).optional(),
  max_length: z.number().min(1).max(3_000).optional(),
  placeholder: plain(150).optional(),
});
const verdict = z.object({ text: plain(75), value: text(2_000, 1), ...LABEL });
const feedback = z.object({
  type: z.literal("feedback_buttons"),
  ...ACTION,
  positive_button: verdict,
  negative_button: verdict,
});

const block = <S extends z.ZodRawShape>(shape: S) =>
  z.object({ block_id: text(255).optional(), ...shape });

const section = block({
  text: anyText(3_000).optional(),
  fields: z.array(anyText(2_000)).min(1).max(10).optional(),
  accessory: z.union([button, choices]).optional(),
}).refine(({ text: said, fields }) => said ?? fields, "needs a text or fields");
const context = block({ elements: z.array(anyText(2_000)).min(1).max(10) });
const actions = block({
  elements: z
    .array(z.union([button, choices]))
    .min(1)
    .max(25),
});
const rich = block({ elements: z.array(z.looseObject({ type: z.string() })).min(1) });

/** A cell needs a character. */
const cell = z.union([
  z.object({ type: z.literal("raw_text"), text: text(3_000, 1) }),
  z.object({ type: z.literal("raw_number"), value: z.number(), text: text(3_000, 1).optional() }),
]);
const row = z.array(cell).min(1).max(20);
/** The lower one of the two limits that Slack's pages have named. */
const dataTable = block({
  caption: text(3_000, 1),
  rows: z.array(row).min(2).max(101),
  page_size: z.int().min(1).max(100).optional(),
}).refine(({ rows }) => new Set(rows.map((cells) => cells.length)).size === 1, {
  message: "needs as many cells in each row",
});

const Child = z.looseObject({
  type: z.enum(["actions", "context", "divider", "header", "rich_text", "section", "table"]),
});
const container = block({
  title: plain(150),
  child_blocks: z.array(Child).min(1).max(10),
  is_collapsible: z.boolean().optional(),
  default_collapsed: z.boolean().optional(),
}).refine(({ default_collapsed: isFolded, is_collapsible: canFold }) => !isFolded || canFold, {
  message: "default_collapsed needs is_collapsible",
});

/** Where a block may stand. */
export type Surface = "message" | "view";

interface BlockRule {
  readonly schema: z.ZodType;
  readonly places: readonly Surface[];
}

const EVERYWHERE = ["message", "view"] as const;
const MESSAGES = ["message"] as const;

/** The blocks that Parley builds. A modal holds neither Markdown nor tables, containers and feedback buttons. */
export const BLOCK_RULES: Readonly<Record<string, BlockRule>> = {
  section: { schema: section, places: EVERYWHERE },
  context: { schema: context, places: EVERYWHERE },
  actions: { schema: actions, places: EVERYWHERE },
  divider: { schema: block({}), places: EVERYWHERE },
  header: { schema: block({ text: plain(150) }), places: EVERYWHERE },
  rich_text: { schema: rich, places: EVERYWHERE },
  input: {
    schema: block({
      label: plain(2_000),
      hint: plain(2_000).optional(),
      element: z.union([choices, input]),
    }),
    places: EVERYWHERE,
  },
  markdown: { schema: block({ text: text(12_000, 1) }), places: MESSAGES },
  container: { schema: container, places: MESSAGES },
  context_actions: {
    schema: block({ elements: z.array(feedback).min(1).max(5) }),
    places: MESSAGES,
  },
  data_table: { schema: dataTable, places: MESSAGES },
};
