import { expect, test } from "vitest";
import { loadSettings, secretsIn, settingRows } from "../src/settings.ts";

const noFile = (path: string): string => {
  throw new Error(`ENOENT: no such file, open '${path}'`);
};

test("Nothing needs to be set", () => {
  expect(loadSettings({}, noFile).settings).toEqual({
    PARLEY_DATA: "data",
    PARLEY_TEAM: "default",
    PARLEY_PROCESSES: 1,
    PARLEY_TURNS: 256,
    HOST: "127.0.0.1",
    PARLEY_TIME_ZONE: "UTC",
    LOG_LEVEL: "info",
  });
});

test("An empty variable counts as not set", () => {
  expect(loadSettings({ LOG_LEVEL: "", PARLEY_DATA: " " }, noFile).settings).toMatchObject({
    LOG_LEVEL: "info",
    PARLEY_DATA: "data",
  });
});

test("A secret comes from the environment or from the file that is named there", () => {
  const files = (path: string) => `${path}:secret\n`;
  const { env, settings } = loadSettings(
    {
      OPENAI_API_KEY_FILE: "/run/openai",
      XAI_API_KEY_FILE: "/run/xai",
      ANTHROPIC_API_KEY: "set",
      ANTHROPIC_API_KEY_FILE: "/run/anthropic",
      SSL_CERT_FILE: "/etc/ssl",
    },
    files,
  );
  expect(settings.OPENAI_API_KEY).toBe("/run/openai:secret");
  expect(env).toMatchObject({ XAI_API_KEY: "/run/xai:secret", ANTHROPIC_API_KEY: "set" });
  expect(env).not.toHaveProperty("SSL_CERT");
});

test("Everything that is wrong is told at once", () => {
  const env = {
    LOG_LEVEL: "wran",
    OPENAI_BASE_URL: "localhost",
    GEMINI_API_KEY_FILE: "/run/gemini",
    OTHER_KEY_FILE: "/run/other",
    DATABASE_URL: "mysql://root:hush@db/parley",
    PARLEY_TURNS: "many",
  };
  expect(() => loadSettings(env, noFile)).toThrowErrorMatchingInlineSnapshot(`
    [SettingsError: GEMINI_API_KEY_FILE: the file cannot be read: ENOENT: no such file, open '/run/gemini'
    DATABASE_URL must be a URL, such as postgres://user:password@host:5432/database
    PARLEY_TURNS must be a whole number from 1 to 10000
    LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "wran"; did you mean warn?
    OPENAI_BASE_URL must be a URL, such as https://example.com/v1]
  `);
});

test("Several processes need a database that they share", () => {
  expect(() => loadSettings({ PARLEY_PROCESSES: "2" }, noFile)).toThrow(
    "PARLEY_PROCESSES is 2, but only processes on one PostgreSQL database can share the work: set DATABASE_URL, or leave PARLEY_PROCESSES out",
  );
  const url = "postgres://parley:hush@db/parley";
  expect(loadSettings({ PARLEY_PROCESSES: "2", DATABASE_URL: url }, noFile).settings).toMatchObject(
    { PARLEY_PROCESSES: 2 },
  );
  expect(loadSettings({ PARLEY_PROCESSES: "1" }, noFile).settings.PARLEY_PROCESSES).toBe(1);
});

test("The database's password is a secret, as the URL writes it and as it is", () => {
  const { settings, env } = loadSettings(
    { DATABASE_URL_FILE: "/run/database" },
    () => "postgres://parley:p%40ss:word@db:5432/parley\n",
  );
  expect(settings.DATABASE_URL).toBe("postgres://parley:p%40ss:word@db:5432/parley");
  expect(secretsIn(env)).toEqual([settings.DATABASE_URL, "p%40ss:word", "p@ss:word"]);
  expect(secretsIn({ DATABASE_URL: "postgres://db/parley" })).toHaveLength(1);
  const old = { SLACK_INSTALL_SECRET_OLD: "first, second" };
  expect(secretsIn(old)).toEqual(["first, second", "first", "second"]);
});

test("Every setting is described for the README", () => {
  expect(settingRows()[0]).toEqual({
    name: "PARLEY_DATA",
    fallback: "data",
    description:
      "Folder for the database and the terminal's threads. Parley creates it if it is missing.",
  });
  expect(settingRows().map(({ name }) => name)).toContain("OPENAI_API_KEY[_FILE]");
  expect(settingRows().filter(({ description }) => description === "")).toEqual([]);
});

test("PARLEY_TEAM_ENV takes names of variables, but none that platforms, the store or installs are reached with", () => {
  const load = (listed: string) => () => loadSettings({ PARLEY_TEAM_ENV: listed }, noFile);
  expect(load("XAI_API_KEY, GROQ_API_KEY\nAZURE_URL")).not.toThrow();
  expect(load("XAI_API_KEY,SLACK_BOT_TOKEN")).toThrow(
    "PARLEY_TEAM_ENV may not list SLACK_BOT_TOKEN",
  );
  expect(load("${XAI_API_KEY}")).toThrow('"${XAI_API_KEY}" is no name');
});

test("What team files may send is a secret of the log, and may stand in a file", () => {
  const env = { PARLEY_KEY_XAI_FILE: "/run/xai", PARLEY_TEAM_ENV: "GATEWAY", GATEWAY: "gateway-1" };
  const loaded = loadSettings(env, (path) => `${path}:key`);
  expect(loaded.env["PARLEY_KEY_XAI"]).toBe("/run/xai:key");
  expect(secretsIn(loaded.env)).toEqual(expect.arrayContaining(["/run/xai:key", "gateway-1"]));
});

test.each([
  [{ DATABASE_URL: "" }, "DATABASE_URL is set but empty"],
  [{ DATABASE_URL: '"postgres://parley@localhost/parley"' }, "DATABASE_URL has quotes around it"],
  [{ PARLEY_SEAL_SECRET: "" }, "PARLEY_SEAL_SECRET is set but empty"],
  [{ PARLEY_SEAL_SECRET: "your-secret-key-here" }, "PARLEY_SEAL_SECRET is a placeholder"],
  [{ PARLEY_SEAL_SECRET_OLD: "0123456789abcdef" }, "PARLEY_SEAL_SECRET is not set"],
])("a secret that is none, or half a pair (%o), is named", (env, words) => {
  expect(() => loadSettings(env, () => "")).toThrow(words);
});
