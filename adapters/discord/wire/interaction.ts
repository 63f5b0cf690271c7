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
  /** 1: a slash command; 3: a command in a message's menu. */
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
  /** What was picked in a select. */
  values: z.array(z.string()).default([]).catch([]),
  /** Of a modal: searched for the selected values. */
  components: z.array(z.unknown()).default([]).catch([]),
});

/** An interaction, as far as it is read. */
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
  /** Parley's permissions in the channel. */
  app_permissions: z.string().nullish(),
  /** Bytes. */
  attachment_size_limit: z.number().nullish(),
  data: Data.default(Data.parse({})).catch(Data.parse({})),
  message: Message.nullish().catch(null),
});
export type Interaction = z.infer<typeof Interaction>;

/** Parses Discord's notation of a bit set; undefined: it is none. */
export const bitsOf = (text: string | null | undefined): bigint | undefined =>
  text && /^\d+$/.test(text) ? BigInt(text) : undefined;

/** What refusing an interaction needs. */
export const MinimalInteraction = Interaction.pick({ id: true, token: true, type: true }).extend({
  application_id: z.string(),
});
