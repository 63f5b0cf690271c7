import { z } from "zod";
import { each, flag, onlyTrue, text } from "./fields.ts";

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

/** An attachment by which a person forwarded a message. */
export const ForwardedMessage = z.object({
  is_share: flag,
  is_msg_unfurl: flag,
  author_name: z.string().optional().catch(undefined),
  text: z.string().min(1),
});

/** A block of Markdown, as Parley posts it. */
export const MarkdownBlock = z.object({ type: z.literal("markdown"), text: z.string().min(1) });
