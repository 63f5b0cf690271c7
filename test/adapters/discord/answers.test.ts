import { describe, expect, it } from "vitest";
import { conversationOf } from "../../../adapters/discord/ids.ts";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

const discordThread = (guild: string, channel: string, thread: string) =>
  conversationOf({ guild, channel, thread });

const SHAPES = ["full", "lean", "odd"] as const;

describe("a mention in a channel", () => {
  it.each(SHAPES)("opens a thread named after the question; in a %s server", async (shape) => {
    const here = await parleyInDiscord({ shape });
    const { join, ada, channel, guild, answered } = here;
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    const [answer] = await answered(question);
    expect(answer?.text).toMatch(/2 \+ 2 = 4[\s\S]*◆/);
    expect(guild.threads(channel)).toMatchObject([{ name: "What is 2 + 2?" }]);
    expect(here.problems).toEqual([]);
    expect(here.mistakes()).toEqual([]);
  });

  it("is answered in the thread that somebody else opened first", async () => {
    const { join, ada, channel, guild, answered, problems } = await parleyInDiscord();
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    ada.startsThread(question, "Sums");
    await answered(question);
    expect(guild.threads(channel)).toMatchObject([{ name: "Sums" }]);
    expect(problems).toEqual([]);
  });

  it("is answered once, however often Discord sends it", async () => {
    const { join, ada, channel, answered, discord, finals } = await parleyInDiscord();
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    discord.gateway.repeats(1);
    await answered(question);
    discord.gateway.repeats(20);
    await until(() => expect(discord.calls("POST /channels/:id/messages")).not.toEqual([]));
    await answered(ada.says(channel, "@Parley What is 3 + 3?"));
    expect(finals(question)).toHaveLength(1);
  });

  it("pings nobody, whatever the answer says", async () => {
    const { join, ada, channel, answered } = await parleyInDiscord();
    await join();
    const question = ada.says(channel, "@Parley Repeat @everyone please. What is 2 + 2?");
    const [answer] = await answered(question);
    expect(answer?.pings).toMatchObject({ everyone: false });
  });

  it("includes the messages it replies to", async () => {
    const { join, ada, guild, channel, answered } = await parleyInDiscord();
    const { platform } = await join();
    const bob = guild.user("Bob");
    const first = bob.says(channel, "The budget is 120 euros.");
    const second = ada.says(channel, "And the fee is 15.", { reply: first });
    const question = ada.says(channel, "@Parley What is the budget?", { reply: second });
    await answered(question);
    const conversation = discordThread(guild.id, channel.id, question.id);
    const { messages } = await platform.history(conversation, new AbortController().signal);
    expect(messages.slice(0, 3).map(({ text }) => text)).toEqual([
      "The budget is 120 euros.",
      "And the fee is 15.",
      "What is the budget?",
    ]);
  });
});

describe("whom Parley answers", () => {
  it("people who continue a thread, with or without a mention, unless they address somebody else", async () => {
    const { join, ada, guild, channel, answered, finals, discord } = await parleyInDiscord();
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(question);
    const bob = guild.user("Bob");
    const aside = ada.says(question, "@Bob did you know?");
    bob.says(question, "Yes", { reply: aside });
    bob.says(question, "And 3 + 3?");
    expect((await answered(question, 2)).at(-1)?.text).toMatch(/= 6/);
    expect(finals(question)).toHaveLength(2);
    expect(discord.limited()).toEqual([]);
  });

  it("everybody in direct messages", async () => {
    const { join, ada, answered, problems } = await parleyInDiscord();
    await join();
    ada.says(ada.dm, "What is 2 + 2?");
    expect((await answered(ada.dm))[0]?.text).toMatch(/= 4/);
    expect(problems).toEqual([]);
  });

  it("people who mention Parley in a forum post, and then everybody in that post", async () => {
    const { join, ada, guild, answered } = await parleyInDiscord();
    await join();
    const forum = guild.forum("help");
    const post = ada.posts(forum, "Sums", "@Parley What is 2 + 2?");
    await answered(post);
    guild.user("Bob").says(post, "And 3 + 3?");
    await answered(post, 2);
  });

  it("not people who do not mention it, nor bots, nor webhooks", async () => {
    const { join, ada, guild, channel, discord } = await parleyInDiscord();
    const { store } = await join();
    const root = ada.says(channel, "Lunch?");
    const thread = ada.startsThread(root, "Lunch");
    ada.says(thread, "Where?");
    ada.says(channel, "@everyone come");
    guild.bot("Jira").says(channel, "@Parley What is 2 + 2?");
    guild.webhook("CI", channel).says("@Parley What is 2 + 2?");
    ada.posts(guild.forum("help"), "Sums", "What is 2 + 2?");
    const last = ada.says(channel, "@Parley What is 4 + 4?");
    await until(() => expect(discord.threadOf(last)).toBeDefined());
    expect(guild.threads(channel)).toHaveLength(2);
    expect(await store.turns.recent(discordThread(guild.id, channel.id, thread.id), 9)).toEqual([]);
  });

  it("everybody in a channel whose mode is always, each in a thread", async () => {
    const { join, ada, guild, channel, answered } = await parleyInDiscord();
    await join();
    const olga = guild.user("Olga");
    const ran = await olga.runs("/parley listen mode: always scope: channel", { in: channel });
    await until(() => expect(ran.text).toContain("Listening mode changed for this channel"));
    await answered(ada.says(channel, "What is 2 + 2?"));
  });
});

it("a turn's status is one message that stays as its record", async () => {
  const { join, ada, channel, answered, statuses } = await parleyInDiscord({ pace: 0.2 });
  await join();
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await answered(question);
  await until(() => expect(statuses(question)[0]?.text).toMatch(/\*\*Test\*\* answered in/));
  const [status, ...more] = statuses(question);
  expect(more).toEqual([]);
  expect(status?.isEdited).toBe(true);
  expect(status?.buttons.map(({ label }) => label)).toEqual(["Details"]);
});

it("the typing indicator shows only while a team works", async () => {
  const { join, ada, channel, answered, discord } = await parleyInDiscord({ pace: 0.5 });
  await join();
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await until(() => expect(discord.calls("POST /channels/:id/typing")).not.toEqual([]));
  await answered(question);
  const typed = discord.calls("POST /channels/:id/typing").length;
  discord.passes(30_000);
  expect(discord.calls("POST /channels/:id/typing")).toHaveLength(typed);
});

it("a mention that an edit adds is answered", async () => {
  const { join, ada, channel, answered } = await parleyInDiscord();
  await join();
  const question = ada.says(channel, "What is 2 + 2?");
  ada.edits(question, "@Parley What is 2 + 2?");
  const [answer] = await answered(question);
  expect(answer?.text).toMatch(/2 \+ 2 = 4/);
});

it("an edited question starts the turn over, and a deleted one ends it", async () => {
  const { join, ada, channel, answered, statuses } = await parleyInDiscord();
  await join();
  const question = ada.says(channel, "@Parley !ask --team endless What is 2 + 2?");
  await until(() => expect(statuses(question)).toHaveLength(1));
  ada.edits(question, "@Parley What is 4 + 4?");
  expect((await answered(question))[0]?.text).toMatch(/= 8/);
  const second = ada.says(question, "!ask --team endless And 5 + 5?");
  await until(() => expect(statuses(question).at(-1)?.text).toMatch(/Endless\*\* is/));
  ada.deletes(second);
  await until(() => expect(statuses(question).at(-1)?.text).toMatch(/question was deleted/));
});

it("🛑 stops the running turn, and 🔁 answers again", async () => {
  const { join, ada, channel, answered, statuses } = await parleyInDiscord();
  await join();
  const question = ada.says(channel, "@Parley !ask --team endless What is 2 + 2?");
  await until(() => expect(statuses(question)).toHaveLength(1));
  ada.reacts(question, "🛑");
  await until(() => expect(statuses(question)[0]?.text).toMatch(/stopped by Ada/));
  ada.reacts(question, "🔁");
  await answered(question);
});

it("a thread's history is read without a store, with answers as Parley's own", async () => {
  const { join, ada, channel, answered, guild } = await parleyInDiscord();
  const first = await join();
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await answered(question);
  await first.leave();
  const { platform } = await join();
  const { messages } = await platform.history(
    discordThread(guild.id, channel.id, question.id),
    new AbortController().signal,
  );
  expect(messages.map(({ author, mark }) => mark?.kind ?? author.name)).toEqual([
    "Ada",
    "status",
    "final",
  ]);
  expect(messages.at(-1)?.text).not.toContain("◆");
  ada.says(question, "And 3 + 3?");
  await answered(question, 2);
});

it("messages that a person writes in a row in a direct message are one question, with one answer", async () => {
  const { join, ada, answered, statuses } = await parleyInDiscord({
    settle: 30,
    times: 10,
  });
  const { store } = await join();
  const place = ada.dm;
  for (const text of ["My cat is called Tom.", "My dog is called Rex.", "What is my dog called?"])
    ada.says(place, text);
  const [answer] = await answered(place);
  expect(answer?.text).toMatch(/Rex/);
  await until(async () => expect(await store.turns.lanes()).toEqual([]));
  await answered(place);
  expect(statuses(place).length).toBeLessThan(2);
});
