import { z } from "zod";
import { each, flag, nonEmptyText, onlyTrue, text } from "./fields.ts";

/** A file of a message; in shared channels it may be its id alone. */
export const SlackFile = z.object({
  id: z.string(),
  name: text,
  title: text,
  mimetype: text,
  size: z.number().nonnegative().optional().catch(undefined),
  mode: text,
  is_external: onlyTrue,
  file_access: text,
  url_private: text,
  url_private_download: text,
});
export type SlackFile = z.infer<typeof SlackFile>;

const Profile = z
  .object({ display_name: text, real_name: text, name: text })
  .optional()
  .catch(undefined);

/** A message in an event or in a thread's history. */
export const SlackMessage = z.object({
  ts: z.string().min(1),
  thread_ts: text,
  subtype: text,
  user: text,
  username: text,
  bot_id: text,
  text: z.string().catch(""),
  blocks: z.array(z.unknown()).catch([]),
  attachments: z.array(z.unknown()).catch([]),
  files: each(SlackFile),
  metadata: z.unknown().optional(),
  edited: z.unknown().optional(),
  hidden: onlyTrue,
  user_team: text,
  source_team: text,
  team: text,
  user_profile: Profile,
  bot_profile: Profile,
});
export type SlackMessage = z.infer<typeof SlackMessage>;

const values = z.array(z.unknown()).catch([]);

/** An attachment: an app's alert, a forwarded message, a preview of a link, or a table that somebody pasted. */
export const Attachment = z.object({
  is_share: flag,
  is_msg_unfurl: flag,
  author_name: nonEmptyText,
  pretext: nonEmptyText,
  title: nonEmptyText,
  text: nonEmptyText,
  fallback: nonEmptyText,
  footer: nonEmptyText,
  fields: each(z.object({ title: text, value: text })),
  from_url: nonEmptyText,
  original_url: nonEmptyText,
  blocks: values,
  /** Of a forwarded message. */
  message_blocks: each(z.object({ message: z.object({ blocks: values }) })),
  files: each(SlackFile),
});
export type Attachment = z.infer<typeof Attachment>;

/** A table: its rows of cells, each `raw_text`, `raw_number` or `rich_text`. */
export const TableBlock = z.object({
  type: z.enum(["table", "data_table"]),
  rows: z.array(values),
});

/** A block of Markdown, as Parley posts it. */
export const MarkdownBlock = z.object({ type: z.literal("markdown"), text: z.string().min(1) });
