import { expect, test } from "vitest";
import { isDiscordConfigured, readDiscordSettings } from "../../../adapters/discord/env.ts";

const token = { DISCORD_TOKEN: "abc.def.ghi" };

test("a token is all that is required", () => {
  expect(isDiscordConfigured({})).toBe(false);
  expect(isDiscordConfigured(token)).toBe(true);
  expect(readDiscordSettings(token)).toEqual({
    token: "abc.def.ghi",
    guild: undefined,
    messageContent: true,
    admins: [],
    allowedGuilds: [],
    freshMs: 3_600_000,
    shards: "auto",
    shardCount: undefined,
    requestsPerSecond: 45,
    apiUrl: "https://discord.com/api",
    apiVersion: "10",
  });
});

test.each([
  ["", "DISCORD_TOKEN is set but empty"],
  ["  ", "DISCORD_TOKEN is set but empty"],
  ["'abc.def.ghi'", "DISCORD_TOKEN has quotes around it"],
  ["your-bot-token", "DISCORD_TOKEN is a placeholder"],
  ["<token>", "DISCORD_TOKEN is a placeholder"],
  ["…", "DISCORD_TOKEN is a placeholder"],
])("a token that is none (%o) ends the start", (value, words) => {
  expect(isDiscordConfigured({ DISCORD_TOKEN: value })).toBe(true);
  expect(() => readDiscordSettings({ DISCORD_TOKEN: value })).toThrow(words);
});

test("an empty variable counts as not set, and lists are separated by commas or spaces", () => {
  const settings = readDiscordSettings({
    ...token,
    DISCORD_GUILD_ID: "",
    DISCORD_ADMINS: "1, 2 3",
  });
  expect(settings).toMatchObject({ guild: undefined, admins: ["1", "2", "3"] });
});

test.each([
  ["0-3", [0, 1, 2, 3]],
  ["5", [5]],
  ["0,2-3", [0, 2, 3]],
])("shards %s are a range", (text, shards) => {
  const env = { ...token, DISCORD_SHARDS: text, DISCORD_SHARD_COUNT: "8" };
  expect(readDiscordSettings(env)).toMatchObject({ shards, shardCount: 8 });
});

test("the API URL contains no version", () => {
  const env = { ...token, DISCORD_API_URL: "http://127.0.0.1:9/api/", DISCORD_API_VERSION: "9" };
  expect(readDiscordSettings(env)).toMatchObject({
    apiUrl: "http://127.0.0.1:9/api",
    apiVersion: "9",
  });
});

test.each([
  [{}, /DISCORD_TOKEN is not set: copy it from https:\/\/discord\.com\/developers.*Bot → Token/],
  [{ DISCORD_TOKEN: "a b" }, /DISCORD_TOKEN has white space in it/],
  [{ ...token, DISCORD_GUILD_ID: "Home" }, /DISCORD_GUILD_ID .* Copy Server ID/],
  [{ ...token, DISCORD_SHARDS: "3-1" }, /DISCORD_SHARDS must be auto, or shards such as 0-3/],
  [{ ...token, DISCORD_SHARDS: "0-1" }, /DISCORD_SHARD_COUNT is not set/],
  [{ ...token, DISCORD_SHARDS: "0-4", DISCORD_SHARD_COUNT: "4" }, /names shard 4/],
  [
    { ...token, DISCORD_API_URL: "http://x/api/v10" },
    /DISCORD_API_URL must not include the version/,
  ],
])("what is wrong is named with the page that mends it", (env, words) => {
  expect(() => readDiscordSettings(env)).toThrow(words);
});

test("no error contains the token", () => {
  const secret = "very secret";
  expect(() => readDiscordSettings({ DISCORD_TOKEN: secret })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining(secret) }),
  );
});

test("accepts server ids, and says where to find them", () => {
  const env = { DISCORD_TOKEN: "abc.def.ghi", DISCORD_ALLOWED_GUILDS: "123, 456" };
  expect(readDiscordSettings(env).allowedGuilds).toEqual(["123", "456"]);
  expect(() => readDiscordSettings({ ...env, DISCORD_ALLOWED_GUILDS: "My server" })).toThrow(
    "DISCORD_ALLOWED_GUILDS must list ids of servers",
  );
});
