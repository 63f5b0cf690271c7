import { isFields, without, type Fields } from "../state/fields.ts";
import type { Workspace } from "../state/workspace.ts";
import type { World } from "../state/world.ts";

/**
 * How complete events are. `full`: everything that the documentation promises. `bare`: as recorded from real workspaces, without ids of the
 * event, kinds of channels, and more. `odd`: full, with fields nobody declares and nulls where there is nothing.
 */
export type Shapes = "full" | "bare" | "odd";

/** An event in what it arrives in. */
export function envelopeOf(
  { app, nextId, wallClock }: World,
  workspace: Workspace,
  event: Fields,
  shapes: Shapes,
): Fields {
  // In a shared channel the event belongs to whoever caused it; the installation stands in the authorizations.
  const team = event["team"] ?? workspace.id;
  const channel = typeof event["channel"] === "string" ? event["channel"] : "";
  const isShared = team !== workspace.id || workspace.channels.get(channel)?.isShared === true;
  const full = {
    token: "verification-token",
    team_id: team,
    ...organisationOf(workspace),
    context_team_id: workspace.id,
    api_app_id: app.id,
    event,
    type: "event_callback",
    event_id: nextId("Ev"),
    event_time: Math.floor(wallClock() / 1000),
    authorizations: [authorizationOf(workspace)],
    is_ext_shared_channel: isShared,
    event_context: `4-${channel}`,
  };
  if (shapes === "odd") return odd(full);
  // Without them nobody could tell whose event it is.
  const needsAll = isShared || workspace.install?.isOrgWide === true;
  return shapes === "bare" && !needsAll ? bare(full) : full;
}

const organisationOf = ({ enterprise }: Workspace): Fields => ({
  ...(enterprise && { enterprise_id: enterprise.id }),
  context_enterprise_id: enterprise?.id ?? null,
});

const authorizationOf = ({ id, install, enterprise }: Workspace): Fields => ({
  enterprise_id: enterprise?.id ?? null,
  team_id: install?.isOrgWide === true ? null : id,
  user_id: install?.botUser,
  is_bot: true,
  is_enterprise_install: install?.isOrgWide ?? false,
});

const PROMISED = [
  "event_id",
  "event_time",
  "event_context",
  "is_ext_shared_channel",
  "context_team_id",
  "context_enterprise_id",
];

/** As the recorded payloads of real workspaces are: `team_id` alone says where it happened. */
const bare = (full: Fields & { event: Fields; authorizations: readonly Fields[] }): Fields => ({
  ...without(full, ...PROMISED),
  event: without(full.event, "channel_type", "client_msg_id", "blocks", "bot_profile"),
  authorizations: full.authorizations.map(({ user_id, is_bot }) => ({ user_id, is_bot })),
});

const odd = (full: Fields & { event: Fields }): Fields => ({
  ...full,
  is_shard_local: null,
  event: {
    thread_ts: null,
    subtype: null,
    files: null,
    metadata: null,
    ...full.event,
    ...(isFields(full.event["message"]) && {
      message: { ...full.event["message"], x_undeclared: 1 },
    }),
    assistant_thread: { action_token: "10.20.30" },
    x_undeclared: { nested: [1, null, "two"] },
  },
});
