import { z } from "zod";

/** Tolerates unknown fields, and fields that a compatible server omits. */
export const User = z.object({
  id: z.string(),
  username: z.string().default("").catch(""),
  global_name: z.string().nullish(),
  bot: z.boolean().nullish(),
});
export type User = z.infer<typeof User>;

export const Attachment = z.object({
  id: z.string(),
  filename: z.string().default("file").catch("file"),
  /** Bytes. If missing, at most this many are read. */
  size: z.number().default(1_000_000).catch(1_000_000),
  url: z.string(),
  content_type: z.string().nullish(),
});
export type Attachment = z.infer<typeof Attachment>;

const text = z.string().nullish().catch(null);

const Embed = z.object({
  /** "rich": written by a bot; others are previews of links. */
  type: text,
  author: z.object({ name: text }).nullish().catch(null),
  footer: z.object({ text }).nullish().catch(null),
  title: text,
  description: text,
  fields: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .catch(null),
});

const Member = z.object({
  nick: z.string().nullish(),
  roles: z.array(z.string()).default([]).catch([]),
});

/** The content of a message or of a forwarded one. */
const content = {
  content: z.string().nullish(),
  attachments: z.array(Attachment).default([]).catch([]),
  embeds: z.array(Embed).default([]).catch([]),
  sticker_items: z
    .array(z.object({ name: z.string() }))
    .default([])
    .catch([]),
  mentions: z.array(User).default([]).catch([]),
  mention_roles: z.array(z.string()).default([]).catch([]),
};

const Reference = z.object({
  /** 0: a reply; 1: a forward. */
  type: z.number().nullish(),
  message_id: z.string().nullish(),
  channel_id: z.string().nullish(),
});

const Media = z.object({ text }).nullish();

const Base = z.object({
  ...content,
  id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().nullish(),
  channel_type: z.number().nullish(),
  type: z.number().default(0).catch(0),
  author: User,
  webhook_id: z.string().nullish(),
  /** The author in the server; in gateway events only. */
  member: Member.nullish().catch(null),
  timestamp: z.string().nullish(),
  edited_timestamp: z.string().nullish(),
  /** Searched for `custom_id`s and texts. */
  components: z.array(z.unknown()).default([]).catch([]),
  message_reference: Reference.nullish().catch(null),
  message_snapshots: z
    .array(z.object({ message: z.object(content) }))
    .default([])
    .catch([]),
  /** On a response to an interaction: who used it. */
  interaction_metadata: z.object({ user: User }).nullish().catch(null),
  /** Its thread. */
  thread: z.object({ id: z.string() }).nullish().catch(null),
  poll: z
    .object({ question: Media, answers: z.array(z.object({ poll_media: Media })).default([]) })
    .nullish()
    .catch(null),
});

/** A message, with the message that it refers to if Discord includes it. */
export const Message = Base.extend({ referenced_message: Base.nullish().catch(null) });
export type Message = z.infer<typeof Message>;

/** Message types that are read. `menu`: a reply to a command of a context menu. */
export const MESSAGE_TYPES = {
  plain: 0,
  reply: 19,
  command: 20,
  threadStarter: 21,
  menu: 23,
} as const;
