import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readManifestSettings, slackManifest } from "../../../adapters/slack/install/manifest.ts";
import { askedScopes } from "../../../adapters/slack/install/scopes.ts";
import { readDocument, section } from "../../support/read-document.ts";
import { problemsBySchema } from "./json-schema.ts";

const manifest = (env: Record<string, string> = {}) => slackManifest(readManifestSettings(env));

const ENVIRONMENTS: readonly Record<string, string>[] = [
  {},
  { SLACK_AGENT: "off" },
  { SLACK_PUBLIC_URL: "https://parley.example.com/" },
  {
    SLACK_PUBLIC_URL: "https://parley.example.com",
    SLACK_CLIENT_ID: "1.2",
    SLACK_MODE: "socket",
    SLACK_APP_NAME: "The council of the whole company XY",
    SLACK_COMMAND: "/council",
  },
];

test("Socket Mode needs no public address", () => {
  const { settings, features } = manifest();
  expect(settings.socket_mode_enabled).toBe(true);
  expect(JSON.stringify({ settings, features })).not.toContain("https://");
});

test("over HTTP, events, clicks and commands share one address", () => {
  const { settings, features } = manifest({ SLACK_PUBLIC_URL: "https://parley.example.com/" });
  const url = "https://parley.example.com/slack/events";
  expect(settings.event_subscriptions.request_url).toBe(url);
  expect(settings.interactivity.request_url).toBe(url);
  expect(features.slash_commands[0]?.url).toBe(url);
  expect(settings.socket_mode_enabled).toBe(false);
});

test("an agent has Slack's own Stop button and loading status; without it guests can use the app", () => {
  expect(manifest().features).toHaveProperty("agent_view");
  expect(manifest().settings.event_subscriptions.bot_events).toContain("agent_session_stopped");
  const plain = manifest({ SLACK_AGENT: "off" });
  expect(plain.features).not.toHaveProperty("agent_view");
  expect(JSON.stringify(plain)).not.toMatch(/agent_session|assistant:write/);
});

test("for many workspaces it has the redirect address and allows installation on a whole organisation", () => {
  const { oauth_config, settings } = manifest(ENVIRONMENTS[3]);
  expect(oauth_config.redirect_urls).toEqual(["https://parley.example.com/slack/oauth_redirect"]);
  expect(settings.org_deploy_enabled).toBe(true);
});

test.each([
  [{ SLACK_MODE: "http" }, /SLACK_PUBLIC_URL is not set/],
  [{ SLACK_CLIENT_ID: "1.2" }, /SLACK_PUBLIC_URL is not set/],
  [{ SLACK_PUBLIC_URL: "parley" }, /SLACK_PUBLIC_URL must be a URL/],
  [{ SLACK_APP_NAME: "x".repeat(36) }, /SLACK_APP_NAME must be at most 35/],
  [{ SLACK_AGENT: "yes" }, /SLACK_AGENT must be on or off/],
  [{ SLACK_COMMAND: "parley" }, /SLACK_COMMAND must look like \/parley/],
])("%j is refused with what to do", (env, problem) => {
  expect(() => readManifestSettings(env)).toThrow(problem);
});

test("the documentation says what each scope is for, and what happens without it", () => {
  const documented = section(readDocument("docs/how-to/slack.md"), "Permissions");
  const lacking = askedScopes(true).filter((scope) => !documented.includes(`\`${scope}\``));
  expect(lacking).toEqual([]);
});

test("token rotation is allowed only where Parley can refresh tokens", () => {
  const rotating = { SLACK_TOKEN_ROTATION: "on" };
  const many = { SLACK_CLIENT_ID: "1.2", SLACK_PUBLIC_URL: "https://parley.example.com" };
  expect(manifest({ ...rotating, ...many }).settings.token_rotation_enabled).toBe(true);
  expect(manifest(many).settings.token_rotation_enabled).toBe(false);
  expect(() => manifest(rotating)).toThrow(/SLACK_TOKEN_ROTATION is on, but SLACK_CLIENT_ID/);
});

const schema = new URL("../../../../shared/data/slack-manifest.schema.json", import.meta.url);

test.each(ENVIRONMENTS)("Slack's schema takes the manifest for %j", (env) => {
  if (!existsSync(schema)) return expect(schema.href).toContain("slack-manifest.schema.json");
  const rules: unknown = JSON.parse(readFileSync(schema, "utf8"));
  expect(problemsBySchema(JSON.parse(JSON.stringify(manifest(env))), rules)).toEqual([]);
});

test.skipIf(!existsSync(schema))(
  "and the check is one: it finds what is too long or unknown",
  () => {
    const rules: unknown = JSON.parse(readFileSync(schema, "utf8"));
    const broken = { display_information: { name: "x".repeat(36) }, more: 1, settings: { a: 1 } };
    expect(problemsBySchema(broken, rules)).toEqual([
      "/display_information/name is longer than 35",
      "/settings/a is unknown",
      "/more is unknown",
    ]);
  },
);
