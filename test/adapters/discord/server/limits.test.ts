import { type RateLimitData, RateLimitError, RESTEvents, Routes } from "discord.js";
import { expect, test, vi } from "vitest";
import type { DiscordOptions } from "../../../servers/discord/options.ts";
import { useClient } from "../../../servers/discord/use-client.ts";
import { useDiscord } from "../../../servers/discord/use-discord.ts";
import { errorOf, refusalOf } from "./refusal-of.ts";

const POST = "POST /channels/:id/messages";

async function open(options?: DiscordOptions, rest: object = {}) {
  const discord = await useDiscord(options);
  const general = discord.guild().channel();
  const client = await useClient(discord, { rest });
  const post = (body: object) => client.rest.post(Routes.channelMessages(general.id), { body });
  return { discord, general, client, post };
}

test("headers keep a client within its bucket, each channel for itself", async () => {
  const { discord, client, post } = await open({ scale: 10 });
  const waited = vi.fn<(data: RateLimitData) => void>();
  client.rest.on(RESTEvents.RateLimited, waited);
  await post({ content: "first" });
  await Promise.all(Array.from({ length: 6 }, (_, i) => post({ content: `${i}` })));
  expect(waited).toHaveBeenCalled();
  expect(discord.limited()).toEqual([]);
  const other = discord.guild().channel("other");
  await client.rest.post(Routes.channelMessages(other.id), { body: { content: "x" } });
  expect(waited.mock.calls.every(([{ majorParameter }]) => majorParameter !== other.id)).toBe(true);
});

test("a client that ignores the headers gets 429 with the time to wait", async () => {
  const { discord, general } = await open({ scale: 2 });
  const headers = { authorization: `Bot ${discord.token}`, "content-type": "application/json" };
  const send = () =>
    fetch(`${discord.url}/v10${Routes.channelMessages(general.id)}`, {
      method: "POST",
      headers,
      body: JSON.stringify({ content: "x" }),
    });
  const answers = await Promise.all(Array.from({ length: 6 }, send));
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers.get("x-ratelimit-scope")).toBe("user");
  expect(Number(refused?.headers.get("retry-after"))).toBeLessThanOrEqual(2.5);
  expect(await refused?.json()).toMatchObject({ global: false });
  expect(discord.limited()).toHaveLength(1);
  expect(discord.invalidRequests()).toBe(1);
});

test("more than fifty requests in a second are refused for all routes", async () => {
  const { discord, client } = await open({ scale: 2, limits: { globalPerSecond: 3 } });
  await Promise.all([1, 2, 3, 4].map(() => client.rest.get(Routes.user("@me"))));
  const [refused] = discord.limited();
  expect(refused?.status).toBe(429);
});

test("a client that is refused too often is banned", async () => {
  const { discord, client } = await open({ limits: { invalidRequests: 3 } });
  const hidden = discord.guild().channel("hidden");
  discord.guild().denies(discord.bot, hidden, "VIEW_CHANNEL");
  const look = () => client.rest.get(Routes.channel(hidden.id));
  for (let i = 0; i < 3; i++) expect(await refusalOf(look())).toBe(50_001);
  const answer = await fetch(`${discord.url}/v10/users/@me`);
  expect([answer.status, await answer.text()]).toEqual([429, "error code: 1015"]);
  discord.passes(601_000);
  expect(await refusalOf(look())).toBe(50_001);
});

test("messages older than an hour are edited three times in six seconds at most", async () => {
  const { discord, general, client, post } = await open(
    { scale: 20 },
    { rejectOnRateLimit: () => true },
  );
  await post({ content: "old" });
  const [{ id } = { id: "" }] = discord.messagesIn(general);
  discord.passes(3_601_000);
  const edit = (content: string) =>
    client.rest.patch(Routes.channelMessage(general.id, id), { body: { content } });
  for (const content of ["1", "2", "3"]) await edit(content);
  await expect(edit("4")).rejects.toBeInstanceOf(RateLimitError);
  expect(discord.limited()[0]?.code).toBe(30_046);
  discord.passes(6_001);
  await edit("5");
  expect(discord.shown(general)).toBe("Parley (edited): 5");
});

test("an enforced nonce makes a repeated post the same message", async () => {
  const { discord, general, post } = await open();
  discord.faults.add(POST, { kind: "drop after" });
  await post({ content: "once", nonce: "n1", enforce_nonce: true });
  expect(discord.calls(POST)).toHaveLength(2);
  expect(discord.shown(general)).toBe("Parley: once");
  discord.passes(10 * 60_000);
  await post({ content: "once", nonce: "n1", enforce_nonce: true });
  expect(discord.messagesIn(general)).toHaveLength(2);
});

test("a post that failed may have been posted or not", async () => {
  const { discord, general, post } = await open({}, { retries: 0 });
  discord.faults.add(POST, { kind: "status after", status: 502 });
  await expect(post({ content: "there" })).rejects.toThrow();
  discord.faults.add(POST, { kind: "status", status: 503 });
  await expect(post({ content: "not there" })).rejects.toThrow();
  discord.faults.add(POST, { kind: "close" });
  await expect(post({ content: "nor there" })).rejects.toThrow();
  expect(discord.shown(general)).toBe("Parley: there");
  expect(discord.faults.left()).toBe(0);
});

test("any route can be rate limited", async () => {
  const { discord, client } = await open({ scale: 10 });
  discord.faults.add("GET /users/:user", { kind: "limit", retryAfterMs: 900, scope: "shared" });
  await client.rest.get(Routes.user(discord.bot.id));
  expect(discord.calls("GET /users/:user").map(({ status }) => status)).toEqual([429, 200]);
  expect(discord.invalidRequests()).toBe(0);
});

test("one 401 ends a client", async () => {
  const { discord, client } = await open();
  discord.resetsToken();
  const error = await errorOf(client.rest.get(Routes.user("@me")));
  expect([error.status, error.message]).toEqual([401, "401: Unauthorized"]);
});
