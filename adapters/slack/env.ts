import { z } from "zod";
import { freshMinutes, nameList, readAdapterSettings } from "../../src/adapter-kit/settings.ts";
import { secretsOf } from "../../src/sealing/seal.ts";
import { SettingsError } from "../../src/settings.ts";
import { trimEndOf } from "../../src/text/trim-end-of.ts";

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
  ).describe(
    "Bot token of the workspace. For many workspaces, use OAuth instead (`SLACK_CLIENT_ID`).",
  ),
  SLACK_APP_TOKEN: token(
    "xapp-",
    `is not an app-level token, which starts with xapp-: make one with the scope connections:write under ${APPS} → Basic Information → App-Level Tokens`,
  ).describe(
    "App-level token for Socket Mode, with the scope connections:write. Channels that several workspaces share also need authorizations:read.",
  ),
  SLACK_SIGNING_SECRET: z
    .string()
    .optional()
    .describe("Verifies that an HTTP request comes from Slack."),
  SLACK_MODE: z
    .enum(["socket", "http"], "must be socket or http")
    .optional()
    .describe(
      "How events arrive: `socket` (the default when `SLACK_APP_TOKEN` is set; needs no public address) or `http`.",
    ),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: "must be a URL, such as https://slack.com/api/" })
    .default("https://slack.com/api/")
    .transform((url) => (url.endsWith("/") ? url : `${url}/`))
    .describe("Address of Slack's Web API."),
  SLACK_FILE_HOSTS: nameList.describe(
    "Hosts besides Slack's own that may receive the bot token when Parley downloads files, separated by commas. `host` means https on the default port; `host:port` means that port only.",
  ),
  SLACK_FRESH_MINUTES: freshMinutes(10),
  SLACK_EXTERNAL: z
    .enum(["answer", "ignore"], "must be answer or ignore")
    .default("ignore")
    .describe("Whether Parley answers people of other organisations (Slack Connect)."),
  SLACK_GUESTS: z
    .enum(["answer", "ignore"], "must be answer or ignore")
    .default("answer")
    .describe("Whether Parley answers guests of the workspace."),
  SLACK_ADMINS: nameList.describe(
    "Ids of users and user groups who are admins besides the workspace's admins and owners, separated by commas.",
  ),
  SLACK_AGENT: z
    .enum(["on", "off"], "must be on or off")
    .default("on")
    .describe(
      "Whether the app is declared as an agent. Slack then shows its own loading status and Stop button, but guests cannot use the app.",
    ),
  SLACK_CLIENT_ID: z.string().optional().describe("For many workspaces: the app's client ID."),
  SLACK_CLIENT_SECRET: z
    .string()
    .optional()
    .describe("For many workspaces: the app's client secret."),
  SLACK_STATE_SECRET: z
    .string()
    .optional()
    .describe(
      "For many workspaces: a long random text that you keep secret. It protects the OAuth flow.",
    ),
  SLACK_INSTALL_SECRET: z
    .string()
    .optional()
    .describe(
      "For many workspaces: encrypts their stored tokens. If not set, Parley uses `SLACK_STATE_SECRET`.",
    ),
  SLACK_INSTALL_SECRET_OLD: z
    .string()
    .optional()
    .describe(
      "For many workspaces: previous values of `SLACK_INSTALL_SECRET`, separated by commas. Parley re-encrypts stored tokens at startup.",
    ),
  SLACK_ALLOWED_TEAMS: nameList.describe(
    "For many workspaces: who may install and use the app, as ids of workspaces or organisations, or as domains such as acme or acme.slack.com, separated by commas. If not set: everybody.",
  ),
  SLACK_TOKEN_ROTATION: z
    .enum(["on", "off"], "must be on or off")
    .default("off")
    .describe(
      "For many workspaces: with `on`, the manifest asks for bot tokens that expire after 12 hours, and Parley refreshes them. Slack does not let you switch this off again.",
    ),
  SLACK_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "must be a URL, such as https://parley.example.com" })
    .optional()
    .transform((url) => url && trimEndOf(url, /\//))
    .describe("Public address of Parley's HTTP server, for the manifest and for OAuth."),
});

type Env = Readonly<Record<string, string | undefined>>;

/** OAuth settings, for many workspaces. */
export interface OAuthSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stateSecret: string;
  /** Encrypts stored tokens. */
  readonly installSecret: string;
  /** Secrets that tokens may have been encrypted with before. */
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
  /** Ends with a slash. */
  readonly apiUrl: string;
  /** Does not end with a slash. */
  readonly publicUrl: string | undefined;
  readonly isAgent: boolean;
  readonly fileHosts: readonly string[];
  readonly freshMs: number;
  readonly external: "answer" | "ignore";
  readonly guests: "answer" | "ignore";
  readonly admins: readonly string[];
  /** Ids or domains. Empty: everybody may install the app. */
  readonly allowedTeams: readonly string[];
}

const SECRETS = [
  "SLACK_BOT_TOKEN",
  "SLACK_APP_TOKEN",
  "SLACK_SIGNING_SECRET",
  "SLACK_CLIENT_ID",
  "SLACK_CLIENT_SECRET",
  "SLACK_STATE_SECRET",
] as const;

/** Whether the environment means Slack: one of its tokens is there, even if it is empty or the others are missing. */
export const isSlackConfigured = (env: Env): boolean =>
  SECRETS.some((name) => env[name] !== undefined);

/** Whether anybody may install the app, by OAuth. */
export const isForMany = (env: Env): boolean => Boolean(env["SLACK_CLIENT_ID"]?.trim());

/** Throws a `SettingsError` that names each variable and the page where it is found; secrets are never in its text. */
export function readSlackSettings(env: Env): SlackSettings {
  const values = readAdapterSettings(SlackEnv, env, [
    ...SECRETS,
    "SLACK_INSTALL_SECRET",
    "SLACK_INSTALL_SECRET_OLD",
  ]);
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

/** Parley cannot refresh a single expiring bot token: it would stop working after 12 hours. */
function rotatingToken(values: Values): readonly string[] {
  if (values.SLACK_BOT_TOKEN?.startsWith("xoxe"))
    return [
      `SLACK_BOT_TOKEN starts with xoxe: the app has token rotation, so this token expires within 12 hours. ${REFRESHING}; or make a new app without token rotation`,
    ];
  return values.SLACK_BOT_TOKEN && values.SLACK_TOKEN_ROTATION === "on"
    ? [`SLACK_TOKEN_ROTATION is on, but SLACK_BOT_TOKEN is set. ${REFRESHING}`]
    : [];
}

/** Installations made before SLACK_INSTALL_SECRET was set are sealed with the state secret. */
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
