import { type Client, type Message, MessageType, Routes } from "discord.js";
import { expect, test, vi } from "vitest";
import { useClient } from "../../../servers/discord/use-client.ts";
import { useDiscord } from "../../../servers/discord/use-discord.ts";
import { refusalOf } from "./refusal-of.ts";
import { PATIENCE } from "../../../support/patience.ts";

async function open() {
  const discord = await useDiscord();
  const guild = discord.guild();
  const [ada, general] = [guild.user("Ada"), guild.channel()];
  const client = await useClient(discord);
  return { discord, guild, ada, general, client };
}

const channelOf = async (client: Client, { id }: { id: string }) => {
  const channel = await client.channels.fetch(id);
  if (!channel?.isSendable()) throw new Error("not a channel to write in");
  return channel;
};

const heard = (client: Client): readonly Message[] => {
  const messages: Message[] = [];
  client.on("messageCreate", (message) => void messages.push(message));
  return messages;
};

test("a person's message reaches the bot with its mentions", async () => {
  const { ada, general, client, discord } = await open();
  const messages = heard(client);
  ada.says(general, "@Parley what is `@Parley`?");
  await vi.waitFor(() => expect(messages).toHaveLength(1), PATIENCE);
  expect(messages[0]?.mentions.users.has(client.user?.id ?? "")).toBe(true);
  expect(messages[0]?.member?.displayName).toBe("Ada");
  expect(discord.shown(general)).toBe("Ada: @Parley what is `@Parley`?");
});

test("a thread has its message's id, starts with a starter message, and is not created twice", async () => {
  const { ada, general, client, discord } = await open();
  const messages = heard(client);
  const asked = ada.says(general, "why?");
  await vi.waitFor(() => expect(messages).toHaveLength(1), PATIENCE);
  const thread = await messages[0]?.startThread({ name: "why" });
  await vi.waitFor(
    () => expect(messages.at(-1)?.type).toBe(MessageType.ThreadStarterMessage),
    PATIENCE,
  );
  expect(thread?.id).toBe(asked.id);
  expect((await thread?.fetchStarterMessage())?.content).toBe("why?");
  const again = client.rest.post(Routes.threads(general.id, asked.id), { body: { name: "x" } });
  expect(await refusalOf(again)).toBe(160_004);
  expect(discord.violations).toEqual([]);
});

test("an archived thread refuses edits and reopens for a message; a locked one refuses both", async () => {
  const { guild, ada, general, client } = await open();
  const place = ada.startsThread(ada.says(general, "a"), "a");
  const thread = await channelOf(client, place);
  const sent = await thread.send("one");
  ada.archives(place);
  expect(await refusalOf(sent.edit("two"))).toBe(50_083);
  await thread.send("awake");
  await sent.edit("two");
  guild.botMayNot("MANAGE_THREADS");
  ada.locks(place);
  expect(await refusalOf(thread.send("three"))).toBe(160_005);
});

test("a silent thread is archived after its time", async () => {
  const { discord, guild, ada, general, client } = await open();
  const place = ada.startsThread(general, "talk");
  const archived = vi.fn();
  client.on("threadUpdate", (_, now) => archived(now.archived));
  discord.passes(1_440 * 60_000);
  await vi.waitFor(() => expect(archived).toHaveBeenCalledWith(true), PATIENCE);
  expect(guild.threads(general)).toEqual([{ id: place.id, name: "talk", isArchived: true }]);
});

test("a missing permission is refused with Discord's code", async () => {
  const { guild, ada, general, client, discord } = await open();
  const channel = await channelOf(client, general);
  const hers = ada.says(general, "mine");
  guild.denies("everyone", general, "SEND_MESSAGES");
  guild.denies(discord.bot, general, "SEND_MESSAGES");
  expect(await refusalOf(channel.send("x"))).toBe(50_013);
  const edit = client.rest.patch(Routes.channelMessage(general.id, hers.id), {
    body: { content: "no" },
  });
  expect(await refusalOf(edit)).toBe(50_005);
  guild.denies(discord.bot, general, "VIEW_CHANNEL");
  expect(await refusalOf(channel.messages.fetch({ limit: 5, cache: false }))).toBe(50_001);
  expect(await refusalOf(client.rest.get(Routes.channel("100000000000000000")))).toBe(10_003);
});

test("a hidden channel sends no messages; its threads are sent when it becomes visible", async () => {
  const { guild, ada, client, discord } = await open();
  const secret = guild.channel("secret");
  guild.denies(discord.bot, secret, "VIEW_CHANNEL");
  ada.startsThread(secret, "plans");
  const [messages, synced] = [heard(client), vi.fn()];
  client.on("threadListSync", (threads) => synced([...threads.values()].map(({ name }) => name)));
  ada.says(secret, "psst");
  guild.allows(discord.bot, secret, "VIEW_CHANNEL");
  await vi.waitFor(() => expect(synced).toHaveBeenCalledWith(["plans"]), PATIENCE);
  expect(messages).toEqual([]);
});

test("history is paginated, newest first, by before, after and around", async () => {
  const { ada, general, client } = await open();
  const said = Array.from({ length: 7 }, (_, i) => ada.says(general, `m${i}`));
  const channel = await channelOf(client, general);
  const page = async (options: { before?: string; after?: string; around?: string }) =>
    [...(await channel.messages.fetch({ limit: 3, cache: false, ...options })).values()].map(
      ({ content }) => content,
    );
  const [, , third] = said;
  expect(await page({})).toEqual(["m6", "m5", "m4"]);
  expect(await page({ before: third?.id ?? "" })).toEqual(["m1", "m0"]);
  expect(await page({ after: third?.id ?? "" })).toEqual(["m5", "m4", "m3"]);
  expect(await page({ around: third?.id ?? "" })).toEqual(["m3", "m2", "m1"]);
});

test("files are uploaded and downloaded, and their links are signed and expire", async () => {
  const { discord, ada, general, client } = await open();
  const messages = heard(client);
  ada.says(general, "read this", { files: [{ name: "notes.md", content: "# Notes" }] });
  await vi.waitFor(() => expect(messages).toHaveLength(1), PATIENCE);
  const url = messages[0]?.attachments.first()?.url ?? "";
  expect(await (await fetch(url)).text()).toBe("# Notes");
  expect((await fetch(url.replace("hm=", "hm=0"))).status).toBe(404);
  discord.passes(25 * 60 * 60_000);
  expect((await fetch(url)).status).toBe(404);
  const fresh = await messages[0]?.fetch(true);
  expect((await fetch(fresh?.attachments.first()?.url ?? "")).status).toBe(200);
  const channel = await channelOf(client, general);
  await channel.send({ files: [{ attachment: Buffer.from("long"), name: "answer.md" }] });
  expect(discord.messagesIn(general).at(-1)?.files[0]).toMatchObject({
    name: "answer.md",
    text: "long",
  });
});

test("allowed_mentions decides who is pinged", async () => {
  const { discord, ada, general, client } = await open();
  const channel = await channelOf(client, general);
  await channel.send({ content: `<@${ada.id}> @everyone`, allowedMentions: { parse: [] } });
  await channel.send(`<@${ada.id}>`);
  const [quiet, loud] = discord.messagesIn(general);
  expect(quiet?.pings).toEqual({ everyone: false, users: [], roles: [] });
  expect(loud?.pings.users).toEqual([ada.id]);
});

test("forum posts, direct messages, webhooks, reactions and typing look as they do to people", async () => {
  const { discord, guild, ada, client } = await open();
  const forum = guild.forum("help", { tags: ["bug"], requiresTag: true });
  expect(() => ada.posts(forum, "untagged", "?")).toThrow("A tag is required");
  const post = ada.posts(forum, "It broke", "how?", { tags: ["bug"] });
  guild.webhook("CI", post).says("build failed");
  const thread = await channelOf(client, post);
  const sent = await thread.send({ content: "look", reply: { messageReference: post.id } });
  await sent.react("👍");
  ada.reacts(sent, "👍");
  await thread.sendTyping();
  expect(discord.shown(post)).toBe("Ada: how?\nCI: build failed\nParley: look\n👍 2");
  expect(discord.typingIn(post)).toEqual(["Parley"]);
  ada.says(ada.dm, "in private");
  await (await channelOf(client, ada.dm)).send("heard");
  ada.closesDirectMessages();
  expect(await refusalOf((await channelOf(client, ada.dm)).send("more"))).toBe(50_007);
  expect(discord.violations).toEqual([]);
});

test("the bot reads message content only with the intent or when it is mentioned", async () => {
  const discord = await useDiscord({ privileged: { messageContent: false } });
  const [ada, general] = [discord.guild().user("Ada"), discord.guild().channel()];
  const client = await useClient(discord, { intents: ["Guilds", "GuildMessages"] });
  const messages = heard(client);
  ada.says(general, "secret");
  ada.says(general, "@Parley open");
  await vi.waitFor(() => expect(messages).toHaveLength(2), PATIENCE);
  expect(messages.map(({ cleanContent }) => cleanContent)).toEqual(["", "@Parley open"]);
});

test("requests that the real Discord would refuse are recorded for the test", async () => {
  const discord = await useDiscord();
  await fetch(`${discord.url}/v10/no/such/thing`);
  await fetch(`${discord.url}/v10/gateway`);
  expect(discord.violations).toEqual([
    "there is no GET /api/v10/no/such/thing",
    "GET /gateway: the User-Agent does not start with DiscordBot (url, version)",
  ]);
});

test("the bot learns of a private thread when somebody mentions it there", async () => {
  const { guild, ada, general, client } = await open();
  guild.botMayNot("MANAGE_THREADS");
  const messages = heard(client);
  const place = ada.startsThread(general, "secret", { isPrivate: true });
  ada.says(place, "between us");
  expect(await refusalOf(client.rest.get(Routes.channel(place.id)))).toBe(50_001);
  ada.says(place, "@Parley help");
  await vi.waitFor(
    () => expect(messages.map(({ cleanContent }) => cleanContent)).toEqual(["@Parley help"]),
    PATIENCE,
  );
});

test("link previews, bulk deletions and kicks arrive as their events", async () => {
  const { discord, guild, ada, general, client } = await open();
  const max = guild.user("Max", { roles: ["mods"] });
  guild.allows(guild.role("mods"), general, "MANAGE_MESSAGES");
  const events: string[] = [];
  client.on("raw", ({ t }: { t: string }) => void events.push(t));
  const said = ["https://example.com", "two"].map((text) => ada.says(general, text));
  for (const message of said.slice(0, 1)) discord.unfurls(message);
  max.clears(said);
  guild.removesBot();
  const kinds = ["MESSAGE_UPDATE", "MESSAGE_DELETE_BULK", "GUILD_DELETE"];
  await vi.waitFor(() => expect(events.slice(-3)).toEqual(kinds), PATIENCE);
  expect(await refusalOf(client.rest.get(Routes.guild(guild.id)))).toBe(50_001);
});
