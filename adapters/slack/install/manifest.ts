import { z } from "zod";
import { readAdapterSettings } from "../../../src/adapter-kit/settings.ts";
import { SettingsError } from "../../../src/settings.ts";
import { ASK_SHORTCUT } from "../render/buttons.ts";
import { askedScopes } from "./scopes.ts";
import { trimEndOf } from "../../../src/text/trim-end-of.ts";

const flag = z.enum(["on", "off"], "must be on or off");

/** The environment variables that shape the manifest. An empty variable counts as not set. */
export const ManifestEnv = z.object({
  SLACK_APP_NAME: z
    .string()
    .max(35, "must be at most 35 characters, as Slack wants it")
    .default("Parley")
    .describe("Name of the app, for the manifest."),
  SLACK_COMMAND: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, "must look like /parley: at most 32 lower-case characters")
    .default("/parley")
    .describe("Slash command of the app, for the manifest."),
  SLACK_PUBLIC_URL: z
    .url({ protocol: /^https$/, error: "must be a URL, such as https://parley.example.com" })
    .optional()
    .describe("Public address of Parley's HTTP server, for SLACK_MODE=http and for OAuth."),
  SLACK_MODE: z.enum(["socket", "http"], "must be socket or http").optional(),
  SLACK_AGENT: flag
    .default("on")
    .describe(
      "Whether the app is declared as an agent. Slack then shows its own loading status and Stop button, but guests cannot use the app.",
    ),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_TOKEN_ROTATION: flag.default("off"),
});

export interface ManifestSettings {
  readonly name: string;
  readonly command: string;
  readonly mode: "socket" | "http";
  /** Without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly isAgent: boolean;
  /** Many workspaces. */
  readonly isShared: boolean;
  /** Bot tokens expire, and are refreshed. */
  readonly rotatesTokens: boolean;
}

/** Throws a `SettingsError` that names each variable. */
export function readManifestSettings(
  env: Readonly<Record<string, string | undefined>>,
): ManifestSettings {
  const { SLACK_PUBLIC_URL, SLACK_MODE, SLACK_CLIENT_ID, ...rest } = readAdapterSettings(
    ManifestEnv,
    env,
  );
  const mode = SLACK_MODE ?? (SLACK_PUBLIC_URL === undefined ? "socket" : "http");
  const isShared = SLACK_CLIENT_ID !== undefined;
  if (SLACK_PUBLIC_URL === undefined && (mode === "http" || isShared)) {
    throw new SettingsError(
      "SLACK_PUBLIC_URL is not set: give the address at which Slack reaches Parley, such as https://parley.example.com",
    );
  }
  const rotatesTokens = rest.SLACK_TOKEN_ROTATION === "on";
  if (rotatesTokens && !isShared) {
    throw new SettingsError(
      "SLACK_TOKEN_ROTATION is on, but SLACK_CLIENT_ID is not set: Parley refreshes tokens only for apps that are installed by OAuth. If the app is new and has no client ID yet, set SLACK_CLIENT_ID=new",
    );
  }
  return {
    name: rest.SLACK_APP_NAME,
    command: rest.SLACK_COMMAND,
    mode,
    publicUrl: SLACK_PUBLIC_URL && trimEndOf(SLACK_PUBLIC_URL, /\//),
    isAgent: rest.SLACK_AGENT === "on",
    isShared,
    rotatesTokens,
  };
}

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

/** The app manifest for these settings, for "Create an app from a manifest". Pure. */
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
