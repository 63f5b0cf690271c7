import { z } from "zod";
import { each, flag, text } from "./fields.ts";
import { SlackFile, SlackMessage } from "./message.ts";

// What Slack's Web API answers, by method, as far as Parley reads it.

const timestamp = z.string().min(1).optional().catch(undefined);

/** `chat.postMessage`, `chat.update`: the message's `ts`, wherever it stands, and whether Slack shows the message as a reply. */
export const Sent = z
  .object({
    ts: timestamp,
    message: z.object({ ts: timestamp, thread_ts: timestamp }).optional().catch(undefined),
  })
  .transform(({ ts, message }) => ({
    ts: ts ?? message?.ts,
    isReply: message === undefined || message.thread_ts !== undefined,
  }));
export type Sent = z.infer<typeof Sent>;

/** `chat.postMessage`, where the `ts` is needed. */
export const Posted = z.object({ ts: z.string().min(1) });

/** `chat.postEphemeral`. */
export const PostedEphemeral = z.object({ message_ts: z.string().catch("") });

/** `conversations.replies`. */
export const MessagePage = z.object({
  messages: each(SlackMessage),
  response_metadata: z
    .object({ next_cursor: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
export type MessagePage = z.infer<typeof MessagePage>;

const ThreadRoot = SlackMessage.extend({
  reply_count: z.number().optional().catch(undefined),
  latest_reply: z.string().optional().catch(undefined),
});
export type ThreadRoot = z.infer<typeof ThreadRoot>;

/** `conversations.history`. */
export const ThreadRoots = z.object({ messages: each(ThreadRoot) });

const Channel = z.object({
  id: z.string().min(1),
  is_im: flag,
  is_mpim: flag,
  updated: z.number().optional().catch(undefined),
});
export type Channel = z.infer<typeof Channel>;

/** `users.conversations`. */
export const Channels = z.object({ channels: each(Channel) });

/** `conversations.info`, for the name. */
export const ChannelName = z.object({ channel: z.object({ name: z.string().min(1) }) });

/** `conversations.info`, for whether the bot is a member. */
export const ChannelMembership = z.object({ channel: z.object({ is_member: flag }) });

/** `users.info`. */
export const UserInfo = z.object({
  user: z.object({
    name: text,
    real_name: text,
    team_id: text,
    is_bot: flag,
    is_admin: flag,
    is_owner: flag,
    is_restricted: flag,
    is_ultra_restricted: flag,
    is_stranger: flag,
    enterprise_user: z.object({ enterprise_id: text }).optional().catch(undefined),
    profile: z.object({ display_name: text, real_name: text }).optional().catch(undefined),
  }),
});
export type UserInfo = z.infer<typeof UserInfo>;

/** `files.info`. */
export const FileInfo = z.object({ file: SlackFile });

/** `usergroups.list`. */
export const UserGroups = z.object({
  usergroups: z
    .array(z.object({ id: z.string(), users: z.array(z.string()).optional().catch(undefined) }))
    .catch([]),
});

/** `auth.test`: the bot of a token. */
export const BotIdentity = z.object({
  team_id: z.string().nullish(),
  user_id: z.string().min(1),
  bot_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  is_enterprise_install: z.boolean().nullish(),
  response_metadata: z
    .object({ scopes: z.array(z.string()).optional() })
    .optional()
    .catch(undefined),
});

/** `auth.test`: the address of a token's workspace. */
export const WorkspaceAddress = z.object({ url: z.string() });

/** `apps.event.authorizations.list`. */
export const EventAuthorizations = z.object({ authorizations: each(z.object({ team_id: text })) });

/** `oauth.v2.access`, for a refresh token. */
export const RefreshedToken = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
});
export type RefreshedToken = z.infer<typeof RefreshedToken>;
