import { EventEnvelope } from "../../../adapters/slack/wire/event.ts";
import type { Workspace } from "../../../adapters/slack/workspaces.ts";

/** The installation that tests speak to: Parley is U0PARLEY. */
export const HOME: Workspace = {
  team: "T0HOME",
  enterprise: undefined,
  token: "xoxb-test",
  botUser: "U0PARLEY",
  botId: "B0PARLEY",
};

let sequence = 0;

/** An event as Slack wraps it, in the shape of its recorded payloads. */
export function envelope(event: Record<string, unknown>): EventEnvelope {
  sequence += 1;
  return EventEnvelope.parse({
    token: "redacted",
    team_id: HOME.team,
    context_team_id: HOME.team,
    context_enterprise_id: null,
    api_app_id: "A0PARLEY",
    type: "event_callback",
    event_id: `Ev${sequence}`,
    event_time: 1_773_327_463,
    authorizations: [
      { enterprise_id: null, team_id: HOME.team, user_id: HOME.botUser, is_bot: true },
    ],
    is_ext_shared_channel: false,
    event,
  });
}

/** A person's message in a public channel. */
export const message = (text: string, more: Record<string, unknown> = {}) => ({
  type: "message",
  user: "U0ADA",
  ts: "1773327463.619929",
  client_msg_id: "b52bd6ac-498d-4640-8bbc-5ef15c82ff8f",
  text,
  team: HOME.team,
  channel: "C0GENERAL",
  event_ts: "1773327463.619929",
  channel_type: "channel",
  ...more,
});

/** The same as the other copy of a mention: it has no `channel_type`. */
export const appMention = (text: string, more: Record<string, unknown> = {}) => {
  const { channel_type: _, ...rest } = { ...message(text), type: "app_mention" };
  return { ...rest, ...more };
};

export const edit = (before: string, after: string, more: Record<string, unknown> = {}) => ({
  type: "message",
  subtype: "message_changed",
  hidden: true,
  channel: "C0GENERAL",
  ts: "1773327470.000100",
  event_ts: "1773327470.000100",
  channel_type: "channel",
  message: { ...message(after), edited: { user: "U0ADA", ts: "1773327470.000000" }, ...more },
  previous_message: { ...message(before), ...more },
});

export const deletion = (previous?: Record<string, unknown>) => ({
  type: "message",
  subtype: "message_deleted",
  hidden: true,
  channel: "C0GENERAL",
  ts: "1773327480.000100",
  event_ts: "1773327480.000100",
  deleted_ts: "1773327463.619929",
  channel_type: "channel",
  ...(previous && { previous_message: previous }),
});
