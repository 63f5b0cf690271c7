import { z } from "zod";
import { each, flag, nonEmptyText, text } from "./fields.ts";
import { SlackMessage } from "./message.ts";

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

/** Somebody pressed Slack's own Stop button. */
export const SessionStoppedEvent = z.object({
  type: z.literal("agent_session_stopped"),
  channel: z.string().min(1),
  thread_ts: z.string().min(1),
  user: text,
  event_ts: text,
});

/** The envelope of every event. */
export const EventEnvelope = z.object({
  type: z.literal("event_callback").optional(),
  team_id: text,
  context_team_id: text,
  enterprise_id: text,
  context_enterprise_id: text,
  event_id: text,
  event_context: text,
  is_ext_shared_channel: flag,
  authorizations: each(z.object({ team_id: text, enterprise_id: text })),
  event: z.looseObject({ type: z.string() }),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** The installation an event belongs to: in a shared channel `team_id` may name another workspace. */
export function installationOf(envelope: EventEnvelope): { team: string; enterprise?: string } {
  const [authorization] = envelope.authorizations;
  const team = authorization?.team_id ?? envelope.context_team_id ?? envelope.team_id ?? "";
  const enterprise =
    authorization?.enterprise_id ?? envelope.context_enterprise_id ?? envelope.enterprise_id;
  return { team, ...(enterprise && { enterprise }) };
}

/** Somebody opened the app's home. */
export const HomeOpened = z.object({
  team_id: nonEmptyText,
  context_team_id: nonEmptyText,
  enterprise_id: nonEmptyText,
  event_id: nonEmptyText,
  event: z.object({ user: z.string().min(1), tab: nonEmptyText, event_ts: nonEmptyText }),
});

/** `app_uninstalled` and `tokens_revoked`. */
export const Removal = z.object({
  team_id: nonEmptyText,
  enterprise_id: nonEmptyText,
  event_id: nonEmptyText,
  /** Seconds since the epoch. */
  event_time: z.number().optional().catch(undefined),
  authorizations: z
    .array(z.object({ is_enterprise_install: z.boolean().nullish().catch(undefined) }))
    .catch([]),
  event: z.object({
    type: z.string(),
    tokens: z
      .object({ bot: z.array(z.string()).optional() })
      .optional()
      .catch(undefined),
  }),
});
export type Removal = z.infer<typeof Removal>;
