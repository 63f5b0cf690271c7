import { z } from "zod";

// Fields in real payloads are null, absent or of another kind than any type declares: what cannot be used counts as absent.
const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);
const flag = z.literal(true).optional().catch(undefined);

/** A file as messages carry it; in shared channels it may be its id alone. */
export const SlackFile = z.object({
  id: z.string(),
  name: text,
  title: text,
  mimetype: text,
  size: z.number().nonnegative().optional().catch(undefined),
  mode: text,
  is_external: flag,
  file_access: text,
  url_private: text,
  url_private_download: text,
});
export type SlackFile = z.infer<typeof SlackFile>;

const Profile = z
  .object({ display_name: text, real_name: text, name: text })
  .optional()
  .catch(undefined);

/** An array: the entries that can be read. */
export const each = <T>(entry: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((values) =>
      values.flatMap((value) => {
        const { data } = entry.safeParse(value);
        return data === undefined ? [] : [data];
      }),
    );

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
  hidden: flag,
  user_team: text,
  source_team: text,
  team: text,
  user_profile: Profile,
  bot_profile: Profile,
});
export type SlackMessage = z.infer<typeof SlackMessage>;

/** Any event about a message: a message of its own, or the change of one. */
export const MessageEvent = z.object({
  type: z.enum(["message", "app_mention"]),
  subtype: text,
  channel: z.string().min(1),
  channel_type: text,
  event_ts: text,
  ts: text,
  deleted_ts: text,
  message: SlackMessage.optional().catch(undefined),
  previous_message: SlackMessage.optional().catch(undefined),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

export const ReactionEvent = z.object({
  type: z.literal("reaction_added"),
  user: z.string().min(1),
  reaction: z.string(),
  item: z.object({ channel: z.string().min(1), ts: z.string().min(1) }),
  item_user: text,
  event_ts: text,
});

/** The native Stop button. */
export const SessionStoppedEvent = z.object({
  type: z.literal("agent_session_stopped"),
  channel: z.string().min(1),
  thread_ts: z.string().min(1),
  user: text,
  event_ts: text,
});

/** What an event arrives in. */
export const EventEnvelope = z.object({
  type: z.literal("event_callback").optional(),
  team_id: text,
  context_team_id: text,
  enterprise_id: text,
  context_enterprise_id: text,
  event_id: text,
  event_context: text,
  is_ext_shared_channel: z.boolean().optional().catch(undefined),
  authorizations: each(z.object({ team_id: text, enterprise_id: text })),
  event: z.looseObject({ type: z.string() }),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** The installation an event belongs to: in a shared channel `team_id` may be somebody else's. */
export function installationOf(envelope: EventEnvelope): { team: string; enterprise?: string } {
  const [authorization] = envelope.authorizations;
  const team = authorization?.team_id ?? envelope.context_team_id ?? envelope.team_id ?? "";
  const enterprise =
    authorization?.enterprise_id ?? envelope.context_enterprise_id ?? envelope.enterprise_id;
  return { team, ...(enterprise && { enterprise }) };
}
