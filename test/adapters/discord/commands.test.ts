import { describe, expect, it } from "vitest";
import { conversationOf } from "../../../adapters/discord/ids.ts";
import { openMemory } from "./open-parley.ts";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

const PNG = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10]);

describe("/ask", () => {
  it("posts the question, opens a thread from it, and answers there", async () => {
    const here = await parleyInDiscord();
    const { join, ada, channel, discord, guild, answered } = here;
    await join();
    const ran = await ada.runs("/ask question: What is 2 + 2?", { in: channel });
    expect(ran.text).toBe("What is 2 + 2?\n-# asked of the team");
    const [posted] = discord.messagesIn(channel);
    expect((await answered(posted ?? channel))[0]?.text).toMatch(/= 4/);
    expect(guild.threads(channel)).toMatchObject([{ name: "What is 2 + 2?" }]);
    expect([here.problems, here.mistakes()]).toEqual([[], []]);
  });

  it("asks another team, with files that stay readable", async () => {
    const { join, ada, channel, discord, answered, statuses } = await parleyInDiscord();
    await join();
    const files = [{ name: "plan.png", content: PNG, mediaType: "image/png" }];
    await ada.runs("/ask question: 2 + 2? team: duo file: plan.png", { in: channel, files });
    await until(() => expect(discord.messagesIn(channel)[0]?.files).toHaveLength(1));
    const where = discord.messagesIn(channel)[0] ?? channel;
    await answered(where);
    expect(statuses(where)[0]?.text).toContain("**Duo**");
  });

  it("of an unknown team is refused, visible to the asker only", async () => {
    const { join, ada, channel, discord } = await parleyInDiscord();
    await join();
    const ran = await ada.runs("/ask question: What is 2 + 2? team: du", { in: channel });
    expect(ran.text).toBe("⚠️ **There is no team “du”**\n\nDid you mean `duo`?");
    expect(ran.replies()[0]?.isEphemeral).toBe(true);
    expect(discord.messagesIn(channel)).toEqual([]);
  });

  it("continues in the thread where it is asked, for the person who asked", async () => {
    const { join, ada, guild, channel, answered } = await parleyInDiscord();
    const { platform } = await join();
    const thread = ada.startsThread(channel, "Sums");
    await guild.user("Bob").runs("/ask question: What is 2 + 2?", { in: thread });
    await answered(thread);
    const conversation = conversationOf({
      guild: guild.id,
      channel: channel.id,
      thread: thread.id,
    });
    const { messages } = await platform.history(conversation, new AbortController().signal);
    expect(messages[0]).toMatchObject({
      author: { name: "Bob" },
      text: expect.stringMatching(/What is 2 \+ 2\?$/),
    });
  });

  it("is accepted although the store fails at first, and once, although it is sent twice", async () => {
    const { join, ada, channel, discord, answered, problems } = await parleyInDiscord();
    const store = await openMemory();
    let failures = 2;
    await join({
      ...store,
      tx: (work) => (failures-- > 0 ? Promise.reject(new Error("locked")) : store.tx(work)),
    });
    await ada.runs("/ask question: What is 2 + 2?", { in: channel });
    discord.gateway.repeats(3);
    await answered(discord.messagesIn(channel)[0] ?? channel);
    expect(discord.messagesIn(channel)).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it("names the missing permission, and posts nothing", async () => {
    const { join, ada, guild, channel, discord, problems } = await parleyInDiscord();
    await join();
    guild.botMayNot("CREATE_PUBLIC_THREADS");
    const ran = await ada.runs("/ask question: What is 2 + 2?", { in: channel });
    expect(ran.text).toBe(
      "I cannot answer in #general: my role lacks **Create Public Threads** there. Somebody who manages the server can allow it in the channel's settings → Permissions.",
    );
    expect(discord.messagesIn(channel)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

it("“Ask the team” in a message's menu answers that message", async () => {
  const { join, ada, guild, channel, answered, problems } = await parleyInDiscord();
  await join();
  const question = ada.says(channel, "What is 2 + 2?");
  const ran = await guild.user("Bob").usesMenu("Ask the team", question);
  await answered(question);
  expect(ran.text).toBe("The team answers in #What is 2 + 2?.");
  expect(problems).toEqual([]);
});

describe("/parley", () => {
  it("replies to the asker only, or to everybody if it changes something", async () => {
    const { join, ada, channel } = await parleyInDiscord();
    await join();
    const list = await ada.runs("/parley team list", { in: channel });
    await until(() => expect(list.text).toMatch(/\*\*Teams\*\*[\s\S]*duo/));
    expect(list.replies()[0]?.isEphemeral).toBe(true);
    const thread = ada.startsThread(channel, "Sums");
    const use = await ada.runs("/parley team use team: duo", { in: thread });
    await until(() => expect(use.text).toMatch(/Duo now answers in this thread/));
    expect(use.replies()[0]?.isEphemeral).toBe(false);
  });

  it("in a channel is about the channel, and requires an operator", async () => {
    const { join, ada, guild, channel } = await parleyInDiscord();
    await join();
    const refused = await ada.runs("/parley team use team: duo", { in: channel });
    await until(() => expect(refused.replies().at(-1)?.text).toMatch(/is for operators/));
    await until(() => expect(refused.replies().every(({ isEphemeral }) => isEphemeral)).toBe(true));
    const cleo = guild.user("Cleo", { roles: [] });
    guild.role("keepers", ["MANAGE_CHANNELS"]);
    guild.user("Cleo", { roles: ["keepers"] });
    const use = await cleo.runs("/parley team use team: duo", { in: channel });
    await until(() => expect(use.text).toMatch(/Duo now answers in this channel/));
  });

  it("is completed with teams, agents, and the channel's threads", async () => {
    const { join, ada, channel } = await parleyInDiscord();
    await join();
    ada.startsThread(channel, "Sums");
    const names = async (text: string) =>
      (await ada.completes(text, { in: channel })).map(({ value }) => value);
    expect(await names("/parley team use team: d")).toEqual(["default", "duo"]);
    expect(await names("/parley agents drop agents: a")).toEqual(["ada"]);
    expect(await names("/ask team: du")).toEqual(["duo"]);
    expect(await ada.completes("/parley stop thread: su", { in: channel })).toMatchObject([
      { name: "Sums" },
    ]);
  });

  it("stops a thread of its channel, but not one of another channel", async () => {
    const { join, ada, guild, channel, statuses } = await parleyInDiscord({ pace: 3 });
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await until(() => expect(statuses(question)).toHaveLength(1));
    const other = guild.channel("other");
    const refused = await ada.runs(`/parley stop thread: ${question.id}`, { in: other });
    await until(() => expect(refused.replies().at(-1)?.text).toMatch(/no such thread/));
    await ada.runs(`/parley stop thread: ${question.id}`, { in: channel });
    await until(() => expect(statuses(question)[0]?.text).toMatch(/stopped by Ada/));
  });

  it("for the whole server is offered to its managers, and checks the level again", async () => {
    const { join, ada, guild, channel, discord } = await parleyInDiscord();
    await join();
    expect(ada.offers(channel)).toEqual(["ask", "parley", "Ask the team"]);
    const olga = guild.user("Olga");
    const use = await olga.runs("/parley-admin team use team: duo", { in: channel });
    await until(() => expect(use.text).toMatch(/Duo now answers in this space/));
    // The server's own settings may offer it to everybody.
    for (const command of discord.world.commands.values())
      delete (command.definition as Record<string, unknown>)["default_member_permissions"];
    const refused = await ada.runs("/parley-admin team use team: duo", { in: channel });
    await until(() => expect(refused.replies().at(-1)?.text).toMatch(/is for admins/));
  });

  it("treats configured users and roles as admins", async () => {
    const env: Record<string, string> = {};
    const { join, ada, guild } = await parleyInDiscord({ env });
    env["DISCORD_ADMINS"] = guild.role("robots").id;
    await join();
    guild.user("Ada", { roles: ["robots"] });
    const thread = ada.startsThread(guild.channel(), "Here");
    const ran = await ada.runs("/parley usage scope: channel", { in: thread });
    await until(() => expect(ran.text).toMatch(/Usage in this channel/));
  });
});

describe("a command that is written as a message", () => {
  it("is answered in the thread if everybody may see the reply", async () => {
    const { join, ada, channel, answered, discord } = await parleyInDiscord();
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(question);
    ada.says(question, "!team use duo");
    const last = () => discord.messagesIn(question).at(-1)?.text;
    await until(() => expect(last()).toMatch(/^\*\*Duo now answers/));
  });

  it("is answered in a direct message if only the asker may see the reply, and the thread only says so", async () => {
    const { join, ada, channel, answered, discord } = await parleyInDiscord();
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(question);
    ada.says(question, "!why");
    await until(() => expect(discord.shown(ada.dm)).toContain("Why this answer"));
    await until(() =>
      expect(discord.messagesIn(question).at(-1)?.text).toBe(
        "Ada, the reply is for you alone: it is in your direct messages.",
      ),
    );
  });

  it("is not shown to everybody if the asker accepts no direct messages", async () => {
    const { join, ada, channel, answered, discord } = await parleyInDiscord();
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(question);
    const user = discord.world.users.get(ada.id);
    if (user) user.closedToDirectMessages = true;
    ada.says(question, "!why");
    await until(() =>
      expect(discord.messagesIn(question).at(-1)?.text).toMatch(
        /^Ada, the reply is for you alone, and you take no direct messages from me\. Ask with a slash command/,
      ),
    );
    expect(discord.shown(question)).not.toContain("Why this answer");
  });
});

describe("the slash commands are registered", () => {
  const puts = (calls: readonly { readonly method: string }[]) =>
    calls.filter(({ method }) => method === "PUT").length;

  it("once, and again only after they change", async () => {
    const { join, discord, mistakes } = await parleyInDiscord();
    const first = await join();
    expect(discord.commands().map(({ name }) => name)).toEqual([
      "ask",
      "parley",
      "parley-admin",
      "Ask the team",
    ]);
    await first.leave();
    discord.passes(5_000);
    await (await join()).leave();
    expect(puts(discord.calls("PUT /applications/:id/commands"))).toBe(1);
    const [command] = discord.world.commands.values();
    Object.assign(command?.definition ?? {}, { description: "An older version" });
    discord.passes(5_000);
    await join();
    expect(puts(discord.calls("PUT /applications/:id/commands"))).toBe(2);
    expect(mistakes()).toEqual([]);
  });

  it("in one server only during development", async () => {
    const env: Record<string, string> = {};
    const { join, guild, discord } = await parleyInDiscord({ env });
    env["DISCORD_GUILD_ID"] = guild.id;
    await join();
    expect(discord.commands()).toEqual([]);
    expect(discord.commands(guild)).toHaveLength(4);
  });
});
