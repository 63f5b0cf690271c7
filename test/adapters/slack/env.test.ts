import { expect, it } from "vitest";
import { isSlackConfigured, readSlackSettings } from "../../../adapters/slack/env.ts";

const HTTP = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "s" };
const SOCKET = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" };
const complaint = (env: Record<string, string>) => {
  try {
    readSlackSettings(env);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : error;
  }
  return undefined;
};

it("uses Socket Mode when there is an app token, else HTTP", () => {
  expect(readSlackSettings(SOCKET).mode).toBe("socket");
  expect(readSlackSettings(HTTP).mode).toBe("http");
  expect(readSlackSettings({ ...SOCKET, ...HTTP, SLACK_MODE: "http" }).mode).toBe("http");
});

it("answers guests, and people of other organisations only if set", () => {
  expect(readSlackSettings(SOCKET)).toMatchObject({ guests: "answer", external: "ignore" });
  const open = { ...SOCKET, SLACK_EXTERNAL: "answer" };
  expect(readSlackSettings(open).external).toBe("answer");
});

it("accepts an API address with or without a final slash", () => {
  for (const SLACK_API_URL of ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api/"])
    expect(readSlackSettings({ ...HTTP, SLACK_API_URL }).apiUrl).toBe("http://127.0.0.1:9/api/");
});

it("reads lists with commas and blanks", () => {
  const { admins, fileHosts } = readSlackSettings({
    ...HTTP,
    SLACK_ADMINS: "U1, S2",
    SLACK_FILE_HOSTS: "127.0.0.1:9",
  });
  expect({ admins, fileHosts }).toEqual({ admins: ["U1", "S2"], fileHosts: ["127.0.0.1:9"] });
});

it("names each variable that is missing, and the page where it is found", () => {
  expect(complaint({ SLACK_MODE: "socket" })).toBe(
    `SettingsError: SLACK_BOT_TOKEN is not set: copy it from https://api.slack.com/apps → your app → OAuth & Permissions → Bot User OAuth Token
SLACK_APP_TOKEN is not set: make one with the scope connections:write under https://api.slack.com/apps → your app → Basic Information → App-Level Tokens, or set SLACK_MODE=http`,
  );
  expect(complaint({ SLACK_BOT_TOKEN: "xoxb-1" })).toMatch(/^SettingsError: SLACK_SIGNING_SECRET/);
  expect(complaint({ SLACK_SIGNING_SECRET: "s", SLACK_CLIENT_ID: "1" })).toMatch(
    /SLACK_CLIENT_SECRET is not set.*\nSLACK_STATE_SECRET is not set/,
  );
});

it("recognises tokens in the wrong variable, without repeating them", () => {
  const swapped = complaint({ SLACK_BOT_TOKEN: "xapp-secret", SLACK_APP_TOKEN: "xoxb-secret" });
  expect(swapped).toMatch(/SLACK_BOT_TOKEN is not a bot token/);
  expect(swapped).toMatch(/SLACK_APP_TOKEN is not an app-level token/);
  expect(swapped).not.toMatch(/secret/);
});

it("refuses what it cannot use", () => {
  expect(complaint({ ...HTTP, SLACK_MODE: "rtm" })).toMatch(/SLACK_MODE must be socket or http/);
  expect(complaint({ ...HTTP, SLACK_API_URL: "slack" })).toMatch(/SLACK_API_URL must be a URL/);
});

it.each(["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET"])(
  "is meant by %s, even if it is empty or alone, and then says what is missing",
  (name) => {
    for (const value of ["", "  "]) {
      expect(isSlackConfigured({ [name]: value })).toBe(true);
      expect(complaint({ ...HTTP, [name]: value })).toBe(
        `SettingsError: ${name} is set but empty: give it a value, or remove the variable`,
      );
    }
  },
);

it.each([
  [{ SLACK_APP_TOKEN: "xapp-1" }, /^SettingsError: SLACK_BOT_TOKEN is not set/],
  [{ SLACK_BOT_TOKEN: "xoxb-1" }, /^SettingsError: SLACK_SIGNING_SECRET is not set/],
  [{ SLACK_SIGNING_SECRET: "s" }, /^SettingsError: SLACK_BOT_TOKEN is not set/],
  [{ SLACK_CLIENT_SECRET: "s" }, /SLACK_BOT_TOKEN is not set/],
  [{ ...HTTP, SLACK_INSTALL_SECRET_OLD: "old" }, /SLACK_INSTALL_SECRET is not set/],
  [{ ...SOCKET, SLACK_BOT_TOKEN: '"xoxb-1"' }, /SLACK_BOT_TOKEN has quotes around it/],
  [{ ...SOCKET, SLACK_BOT_TOKEN: "xoxb-your-token" }, /SLACK_BOT_TOKEN is a placeholder/],
  [{ ...SOCKET, SLACK_BOT_TOKEN: "xoxb-…" }, /SLACK_BOT_TOKEN is a placeholder/],
  [{ ...SOCKET, SLACK_APP_TOKEN: "xapp-..." }, /SLACK_APP_TOKEN is a placeholder/],
  [{ ...HTTP, SLACK_SIGNING_SECRET: "<signing secret>" }, /SLACK_SIGNING_SECRET is a placeholder/],
  [{ ...HTTP, SLACK_SIGNING_SECRET: "changeme" }, /SLACK_SIGNING_SECRET is a placeholder/],
])("half a pair or no real value (%o) is named", (env, words) => {
  expect(isSlackConfigured(env)).toBe(true);
  expect(complaint(env)).toMatch(words);
});

it("is configured by a bot token or by OAuth", () => {
  expect(isSlackConfigured({})).toBe(false);
  expect(isSlackConfigured({ SLACK_BOT_TOKEN: "xoxb-1" })).toBe(true);
  expect(isSlackConfigured({ SLACK_CLIENT_ID: "1.2" })).toBe(true);
});

const MANY = {
  SLACK_SIGNING_SECRET: "s",
  SLACK_CLIENT_ID: "1.2",
  SLACK_CLIENT_SECRET: "c",
  SLACK_STATE_SECRET: "state",
};

it("decrypts with previous secrets too, including the state secret", () => {
  const secrets = (more: Record<string, string>) => {
    const { oauth } = readSlackSettings({ ...MANY, ...more });
    return [oauth?.installSecret, oauth?.oldInstallSecrets];
  };
  expect(secrets({})).toEqual(["state", []]);
  expect(secrets({ SLACK_INSTALL_SECRET: "own" })).toEqual(["own", ["state"]]);
  expect(secrets({ SLACK_INSTALL_SECRET: "new", SLACK_INSTALL_SECRET_OLD: "own,before" })).toEqual([
    "new",
    ["own,before", "own", "before", "state"],
  ]);
});

it("refuses a single bot token that expires, with the reason and what to do", () => {
  for (const SLACK_BOT_TOKEN of ["xoxe.xoxb-1-abc", "xoxe-1-abc"]) {
    const said = String(complaint({ ...HTTP, SLACK_BOT_TOKEN }));
    expect(said).toMatch(
      /token rotation, so this token expires within 12 hours.*installed by OAuth/,
    );
    expect(said).not.toContain("abc");
  }
  expect(complaint({ ...HTTP, SLACK_TOKEN_ROTATION: "on" })).toMatch(
    /SLACK_TOKEN_ROTATION is on, but SLACK_BOT_TOKEN is set/,
  );
  expect(complaint({ ...MANY, SLACK_TOKEN_ROTATION: "on" })).toBeUndefined();
});
