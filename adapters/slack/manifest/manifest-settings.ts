import { z } from "zod";
import { SettingsError } from "../../../src/settings.ts";

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
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = ManifestEnv.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
    throw new SettingsError(lines.join("\n"));
  }
  const { SLACK_PUBLIC_URL, SLACK_MODE, SLACK_CLIENT_ID, ...rest } = parsed.data;
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
    publicUrl: SLACK_PUBLIC_URL?.replace(/\/+$/, ""),
    isAgent: rest.SLACK_AGENT === "on",
    isShared,
    rotatesTokens,
  };
}
