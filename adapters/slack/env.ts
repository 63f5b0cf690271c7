import { z } from "zod";
import { freshMinutes, nameList, readAdapterSettings } from "../../src/adapter-kit/settings.ts";
import { secretsOf } from "../../src/sealing/seal.ts";
import { SettingsError } from "../../src/settings.ts";

const APPS = "https://api.slack.com/apps → your app";

const token = (start: string, instead: string) =>
  z
    .string()
    .refine((value) => !/^x(oxb|oxp|app)-/.test(value) || value.startsWith(start), instead)
    .optional();

/** What the Slack adapter reads from the environment; an empty variable counts as not set. */
export const SlackEnv = z.object({
  SLACK_BOT_TOKEN: token(
    "xoxb-",
    `is not a bot token, which starts with xoxb-: copy it from ${APPS} → OAuth & Permissions → Bot User OAuth Token`,
  ).describe("Bot token of the one workspace that is served."),
  SLACK_APP_TOKEN: token(
    "xapp-",
    `is not an app-level token, which starts with xapp-: make one with the scope connections:write under ${APPS} → Basic Information → App-Level Tokens`,
  ).describe(
    "App-level token for Socket Mode (scope connections:write); for channels that several workspaces with the app share, with the scope authorizations:read.",
  ),
  SLACK_SIGNING_SECRET: z
    .string()
    .optional()
    .describe("Proves that an HTTP request comes from Slack."),
  SLACK_MODE: z
    .enum(["socket", "http"], "must be socket or http")
    .optional()
    .describe(
      "How events arrive: socket (default when SLACK_APP_TOKEN is set; no public address needed) or http.",
    ),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: "must be a URL, such as https://slack.com/api/" })
    .default("https://slack.com/api/")
    .transform((url) => (url.endsWith("/") ? url : `${url}/`))
    .describe("Where Slack's Web API is reached."),
  SLACK_FILE_HOSTS: nameList.describe(
    "Hosts besides Slack's own (comma-separated) that may receive the bot token to fetch files: `host` means https at the default port, `host:port` exactly that port.",
  ),
  SLACK_FRESH_MINUTES: freshMinutes(10),
  SLACK_EXTERNAL: z
    .enum(["answer", "ignore"], "must be answer or ignore")
    .default("ignore")
    .describe("Whether people of other organisations (Slack Connect) are answered."),
  SLACK_GUESTS: z
    .enum(["answer", "ignore"], "must be answer or ignore")
    .default("answer")
    .describe("Whether guests of the workspace are answered."),
  SLACK_ADMINS: nameList.describe(
    "Users and user groups (ids, comma-separated) who are admins besides the workspace's own admins and owners.",
  ),
  SLACK_AGENT: z
    .enum(["on", "off"], "must be on or off")
    .default("on")
    .describe(
      "Whether the app is declared as an agent: Slack's own loading status and Stop button, but guests cannot use it.",
    ),
  SLACK_CLIENT_ID: z.string().optional().describe("For many workspaces: the app's client id."),
  SLACK_CLIENT_SECRET: z.string().optional().describe("For many workspaces: its client secret."),
  SLACK_STATE_SECRET: z
    .string()
    .optional()
    .describe("For many workspaces: any long random text, kept secret."),
  SLACK_INSTALL_SECRET: z
    .string()
    .optional()
    .describe(
      "For many workspaces: what their stored tokens are encrypted with; SLACK_STATE_SECRET if not set.",
    ),
  SLACK_INSTALL_SECRET_OLD: z
    .string()
    .optional()
    .describe(
      "For many workspaces, after a change of SLACK_INSTALL_SECRET: the former one (or several, comma-separated). What is stored is encrypted anew at the start.",
    ),
  SLACK_ALLOWED_TEAMS: nameList.describe(
    "For many workspaces: who may install the app and is served (ids of workspaces or organisations, or domains such as acme or acme.slack.com, comma-separated); everybody if not set.",
  ),
  SLACK_TOKEN_ROTATION: z
    .enum(["on", "off"], "must be on or off")
    .default("off")
    .describe(
      "For many workspaces: on makes the manifest ask for bot tokens that expire after 12 hours; Parley refreshes them. Slack cannot switch it off again.",
    ),
  SLACK_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "must be a URL, such as https://parley.example.com" })
    .optional()
    .transform((url) => url?.replace(/\/+$/, ""))
    .describe(
      "Where Slack and browsers reach Parley's HTTP server; in the manifest and for OAuth.",
    ),
});

type Env = Readonly<Record<string, string | undefined>>;

/** OAuth settings, for many workspaces. */
export interface OAuthSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stateSecret: string;
  /** What stored tokens are encrypted with. */
  readonly installSecret: string;
  /** What they may have been encrypted with before. */
  readonly oldInstallSecrets: readonly string[];
}

/** The environment, checked. */
export interface SlackSettings {
  readonly mode: "socket" | "http";
  /** Absent: many workspaces, by OAuth. */
  readonly botToken: string | undefined;
  readonly oauth: OAuthSettings | undefined;
  /** Set in socket mode. */
  readonly appToken: string | undefined;
  /** Set in HTTP mode. */
  readonly signingSecret: string | undefined;
  /** With a slash at its end. */
  readonly apiUrl: string;
  /** Without one. */
  readonly publicUrl: string | undefined;
  readonly isAgent: boolean;
  readonly fileHosts: readonly string[];
  readonly freshMs: number;
  readonly external: "answer" | "ignore";
  readonly guests: "answer" | "ignore";
  readonly admins: readonly string[];
  /** Ids or domains; empty: everybody may install the app. */
  readonly allowedTeams: readonly string[];
}

/** Whether somebody means to use Slack. */
export const isSlackConfigured = (env: Env): boolean =>
  Boolean(env["SLACK_BOT_TOKEN"]?.trim() || env["SLACK_CLIENT_ID"]?.trim());

/** Throws a `SettingsError` that names each variable and the page where it is found; secrets are never in its text. */
export function readSlackSettings(env: Env): SlackSettings {
  const values = readAdapterSettings(SlackEnv, env);
  const mode = values.SLACK_MODE ?? (values.SLACK_APP_TOKEN ? "socket" : "http");
  const missing = [...missingSettings(values, mode), ...rotatingToken(values)];
  if (missing.length > 0) throw new SettingsError(missing.join("\n"));
  return settingsOf(values, mode);
}

type Values = z.infer<typeof SlackEnv>;

function missingSettings(values: Values, mode: "socket" | "http"): readonly string[] {
  const needs: readonly (readonly [needed: boolean, name: keyof Values, where: string])[] = [
    [
      !values.SLACK_BOT_TOKEN && !values.SLACK_CLIENT_ID,
      "SLACK_BOT_TOKEN",
      `copy it from ${APPS} → OAuth & Permissions → Bot User OAuth Token`,
    ],
    [
      mode === "socket",
      "SLACK_APP_TOKEN",
      `make one with the scope connections:write under ${APPS} → Basic Information → App-Level Tokens, or set SLACK_MODE=http`,
    ],
    [
      mode === "http",
      "SLACK_SIGNING_SECRET",
      `copy it from ${APPS} → Basic Information → App Credentials, or set SLACK_APP_TOKEN for Socket Mode`,
    ],
    [
      Boolean(values.SLACK_CLIENT_ID),
      "SLACK_CLIENT_SECRET",
      `copy it from ${APPS} → Basic Information → App Credentials`,
    ],
    [Boolean(values.SLACK_CLIENT_ID), "SLACK_STATE_SECRET", "set it to any long random text"],
  ];
  return needs
    .filter(([needed, name]) => needed && !values[name])
    .map(([, name, where]) => `${name} is not set: ${where}`);
}

const REFRESHING =
  "Parley refreshes such tokens only for apps that are installed by OAuth: set SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_STATE_SECRET and SLACK_PUBLIC_URL instead of SLACK_BOT_TOKEN, and open /slack/install";

/** A single bot token that expires would end Parley after 12 hours. */
function rotatingToken(values: Values): readonly string[] {
  if (values.SLACK_BOT_TOKEN?.startsWith("xoxe"))
    return [
      `SLACK_BOT_TOKEN starts with xoxe: the app has token rotation, so this token expires within 12 hours. ${REFRESHING}; or make a new app without token rotation`,
    ];
  return values.SLACK_BOT_TOKEN && values.SLACK_TOKEN_ROTATION === "on"
    ? [`SLACK_TOKEN_ROTATION is on, but SLACK_BOT_TOKEN is set. ${REFRESHING}`]
    : [];
}

/** Where only the state secret was set at first, it sealed the installations. */
function oauthOf(values: Values): OAuthSettings | undefined {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = values;
  const { SLACK_STATE_SECRET: stateSecret, SLACK_INSTALL_SECRET: own } = values;
  if (values.SLACK_BOT_TOKEN || !clientId || !clientSecret || !stateSecret) return undefined;
  const installSecret = own ?? stateSecret;
  const old = [...secretsOf(values.SLACK_INSTALL_SECRET_OLD), stateSecret];
  const oldInstallSecrets = old.filter((secret) => secret !== installSecret);
  return { clientId, clientSecret, stateSecret, installSecret, oldInstallSecrets };
}

function settingsOf(values: Values, mode: "socket" | "http"): SlackSettings {
  return {
    mode,
    botToken: values.SLACK_BOT_TOKEN,
    oauth: oauthOf(values),
    appToken: values.SLACK_APP_TOKEN,
    signingSecret: values.SLACK_SIGNING_SECRET,
    apiUrl: values.SLACK_API_URL,
    publicUrl: values.SLACK_PUBLIC_URL,
    isAgent: values.SLACK_AGENT === "on",
    fileHosts: values.SLACK_FILE_HOSTS,
    freshMs: values.SLACK_FRESH_MINUTES * 60_000,
    external: values.SLACK_EXTERNAL,
    guests: values.SLACK_GUESTS,
    admins: values.SLACK_ADMINS,
    allowedTeams: values.SLACK_ALLOWED_TEAMS,
  };
}
