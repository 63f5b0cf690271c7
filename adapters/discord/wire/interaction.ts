import { z } from "zod";
import { Channel } from "./channel.ts";
import { Attachment, Message, User } from "./message.ts";

/** An option of a slash command, or a subcommand with options of its own. */
export const Option = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  focused: z.boolean().nullish(),
  get options(): z.ZodOptional<z.ZodNullable<z.ZodArray<typeof Option>>> {
    return z.array(Option).nullable().optional();
  },
});
export type Option = z.infer<typeof Option>;

const Data = z.object({
  /** Of commands: 1 is a slash command, 3 one of a message's menu. */
  type: z.number().nullish(),
  name: z.string().nullish(),
  options: z
    .array(Option)
    .nullish()
    .transform((options) => options ?? []),
  target_id: z.string().nullish(),
  resolved: z
    .object({
      attachments: z.record(z.string(), Attachment).default({}).catch({}),
      messages: z.record(z.string(), z.unknown()).default({}).catch({}),
    })
    .default({ attachments: {}, messages: {} })
    .catch({ attachments: {}, messages: {} }),
  custom_id: z.string().nullish(),
  /** Of a modal: walked for the values chosen. */
  components: z.array(z.unknown()).default([]).catch([]),
});

/** What Discord sends of an interaction, as far as it is read. */
export const Interaction = z.object({
  id: z.string(),
  /** Absent: Parley's own. */
  application_id: z.string().nullish(),
  token: z.string(),
  type: z.number(),
  guild_id: z.string().nullish(),
  channel_id: z.string().nullish(),
  channel: Channel.nullish().catch(null),
  member: z
    .object({
      user: User.nullish(),
      roles: z.array(z.string()).default([]).catch([]),
      permissions: z.string().nullish(),
    })
    .nullish(),
  /** In direct messages. */
  user: User.nullish(),
  /** What Parley may do there. */
  app_permissions: z.string().nullish(),
  /** Bytes. */
  attachment_size_limit: z.number().nullish(),
  data: Data.default(Data.parse({})).catch(Data.parse({})),
  message: Message.nullish().catch(null),
});
export type Interaction = z.infer<typeof Interaction>;

/** A bit set as Discord writes it; undefined if it is none. */
export const bitsOf = (text: string | null | undefined): bigint | undefined =>
  text && /^\d+$/.test(text) ? BigInt(text) : undefined;
