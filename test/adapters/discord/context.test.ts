import { expect, it } from "vitest";
import { conversationOf } from "../../../adapters/discord/ids.ts";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

it("a thread's history says its title, and which message is replied to, also a deleted one", async () => {
  const { join, ada, channel, answered, guild } = await parleyInDiscord();
  const { platform } = await join();
  const bob = guild.user("Bob");
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  ada.startsThread(question, "Budget 2027");
  await answered(question);
  const plan = bob.says(question, "Plan A: a broker.");
  ada.says(question, "I like that.", { reply: plan });
  const gone = bob.says(question, "Plan B: cron.");
  ada.says(question, "Not that.", { reply: gone });
  bob.deletes(gone);
  const thread = { guild: guild.id, channel: channel.id, thread: question.id };
  const { messages } = await platform.history(conversationOf(thread), new AbortController().signal);
  const said = messages.filter(({ author }) => author.kind === "person").map(({ text }) => text);
  expect(said).toEqual([
    "(thread: Budget 2027)\n\nWhat is 2 + 2?",
    "Plan A: a broker.",
    "I like that.\n\n(replying to Bob: Plan A: a broker.)",
    "Not that.\n\n(replying to a message that was deleted)",
  ]);
});

it("a forum post's title and tags are in its history", async () => {
  const { join, ada, answered, guild } = await parleyInDiscord();
  const { platform } = await join();
  const forum = guild.forum("help", { tags: ["billing", "urgent"] });
  const post = ada.posts(forum, "Invoices fail", "@Parley What is 2 + 2?", {
    tags: ["billing", "urgent"],
  });
  await answered(post);
  const place = { guild: guild.id, channel: forum.id, thread: post.id };
  const { messages } = await platform.history(conversationOf(place), new AbortController().signal);
  expect(messages[0]?.text).toBe("(thread: Invoices fail [billing, urgent])\n\nWhat is 2 + 2?");
});

it("a mention that an edit adds to an old message is not answered", async () => {
  const { join, ada, channel, answered, guild, clock } = await parleyInDiscord({
    env: { DISCORD_FRESH_MINUTES: "1" },
    times: 200,
  });
  await join();
  const old = ada.says(channel, "What is 2 + 2?");
  const writtenAt = clock.now();
  await until(() => expect(clock.now() - writtenAt).toBeGreaterThan(61_000));
  ada.edits(old, "@Parley What is 2 + 2?");
  await answered(ada.says(channel, "@Parley What is 3 + 3?"));
  expect(guild.threads(channel)).toHaveLength(1);
});
