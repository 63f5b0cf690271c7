import { ASK_SHORTCUT } from "../interactions/ask-shortcut.ts";
import { askedScopes } from "../scopes.ts";
import type { ManifestSettings } from "./manifest-settings.ts";

const EVENTS = [
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "channel_id_changed",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
  "reaction_added",
  "tokens_revoked",
] as const;
/** Slack's own Stop button. */
const AGENT_EVENTS = ["agent_session_stopped"] as const;

const ABOUT = "A team of AI agents that answers together in your threads";
const LONG = `${ABOUT}. Mention it in a thread: several models work on the message side by side, read each other's answers, improve them or vote, and one answer is posted, with the reasons for it a click away. The thread is the conversation: reply to go on.`;

const PROMPTS = [
  { title: "Compare options", message: "Which of these options would you choose, and why?" },
  { title: "Check a claim", message: "Is this right? What speaks against it?" },
  { title: "Plan a project", message: "Make a plan for the following, with its risks:" },
] as const;

/** The manifest of the app as these settings want it: for "Create an app from a manifest". Pure. */
export function slackManifest(settings: ManifestSettings) {
  const { name } = settings;
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name,
      description: ABOUT,
      long_description: LONG,
      background_color: "#2f3e6b",
    },
    features: featuresOf(settings),
    oauth_config: oauthOf(settings),
    settings: settingsOf(settings),
  };
}

function featuresOf({ name, command, isAgent, ...settings }: ManifestSettings) {
  const url = eventsUrl(settings);
  return {
    app_home: {
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    },
    bot_user: { display_name: name, always_online: true },
    shortcuts: [
      {
        name: "Ask the team",
        type: "message",
        callback_id: ASK_SHORTCUT,
        description: "The team answers this message in its thread",
      },
    ],
    slash_commands: [
      {
        command,
        ...(url && { url }),
        description: "Teams, usage, settings, and questions",
        usage_hint: "help | ask QUESTION | team use TEAM | usage",
        should_escape: true,
      },
    ],
    ...(isAgent && { agent_view: { agent_description: ABOUT, suggested_prompts: [...PROMPTS] } }),
  };
}

function oauthOf({ isAgent, isShared, publicUrl }: ManifestSettings) {
  const scopes = askedScopes(isAgent);
  const redirects = isShared && publicUrl ? [`${publicUrl}/slack/oauth_redirect`] : undefined;
  return { ...(redirects && { redirect_urls: redirects }), scopes: { bot: scopes } };
}

function settingsOf(settings: ManifestSettings) {
  const url = eventsUrl(settings);
  const request = url && { request_url: url };
  const events = [...EVENTS, ...(settings.isAgent ? AGENT_EVENTS : [])].toSorted();
  return {
    event_subscriptions: { ...request, bot_events: events },
    interactivity: { is_enabled: true, ...request },
    org_deploy_enabled: settings.isShared,
    socket_mode_enabled: settings.mode === "socket",
    token_rotation_enabled: settings.rotatesTokens,
  };
}

/** Events, clicks and commands arrive at one address; in Socket Mode at none. */
const eventsUrl = ({
  mode,
  publicUrl,
}: Pick<ManifestSettings, "mode" | "publicUrl">): string | undefined =>
  mode === "http" && publicUrl !== undefined ? `${publicUrl}/slack/events` : undefined;
