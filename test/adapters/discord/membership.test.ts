import { expect, it } from "vitest";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

const ended = (exits: readonly number[]) => until(() => expect(exits).toEqual([1]));

it("an answer waits while a server has removed Parley, and is posted once after it is added again", async () => {
  const { join, ada, guild, channel, answered, statuses, problems, discord } =
    await parleyInDiscord({ pace: 0.3 });
  const { store } = await join();
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await until(() => expect(statuses(discord.threadOf(question) ?? question)).toHaveLength(1));
  guild.removesBot();
  const over = "SELECT turn FROM journal WHERE type = 'turn_ended'";
  await until(async () => expect(await store.db.q(over)).toHaveLength(1));
  expect(problems.join("\n")).toMatch(/Parley was removed from the Discord server .* Answers/);
  guild.addsBot();
  expect((await answered(question))[0]?.text).toMatch(/= 4/);
});

it("when a server removes Parley, its API keys are deleted", async () => {
  const { join, guild } = await parleyInDiscord();
  const { store } = await join();
  const sealed = store.installs.of("own keys");
  await sealed.put(`discord:${guild.id}`, "sealed");
  await sealed.put("discord:1", "sealed");
  guild.removesBot();
  await until(async () =>
    expect(await sealed.list()).toEqual([{ key: "discord:1", sealed: "sealed" }]),
  );
});

it("a second server is reported, with the team files that no longer answer anywhere", async () => {
  const { discord, join, problems } = await parleyInDiscord();
  const late = discord.guild("Late");
  const { platform } = await join();
  late.removesBot();
  await until(() => expect(platform.isMany?.()).toBe(false));
  late.addsBot();
  await until(() => expect(platform.isMany?.()).toBe(true));
  await until(() =>
    expect(problems.join("\n")).toMatch(
      /added to the Discord server Late .* several now.*PARLEY_ADMINS.*answer nowhere.*duo\.yaml, endless\.yaml\. Write `spaces: all`/,
    ),
  );
});

it("a reset token ends the process with what to do, and the answer is posted after the next start", async () => {
  const { join, ada, channel, answered, statuses, problems, exits, discord } =
    await parleyInDiscord({ pace: 0.3 });
  const { leave, store } = await join();
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await until(() => expect(statuses(discord.threadOf(question) ?? question)).toHaveLength(1));
  discord.resetsToken();
  await ended(exits);
  expect(problems.join("\n")).toMatch(/does not accept DISCORD_TOKEN: press Reset Token/);
  await leave();
  // However often it is started with the old token, no attempt of the turn is used up.
  for (let starts = 0; starts < 6; starts++)
    await expect(join(store)).rejects.toThrow(/Reset Token/);
  discord.world.application.token = discord.token;
  await join(store);
  expect((await answered(question))[0]?.text).toMatch(/= 4/);
});

it("DISCORD_ALLOWED_GUILDS: other servers are ignored, their commands are refused, and Parley leaves them", async () => {
  const env = { DISCORD_ALLOWED_GUILDS: "" };
  const { discord, guild, join, ada, channel, answered, problems } = await parleyInDiscord({ env });
  const [other, late] = [discord.guild("Elsewhere"), discord.guild("Late")];
  env.DISCORD_ALLOWED_GUILDS = guild.id;
  await join();
  late.removesBot();
  const place = other.channel();
  const bob = other.user("Bob");
  bob.says(place, "@Parley What is 2 + 2?");
  const asked = await bob.runs("/ask question: What is 2 + 2?", { in: place });
  await until(() => expect(asked.text).toContain("has not allowed it in this server"));
  late.addsBot();
  await until(() => expect(discord.calls("DELETE /users/@me/guilds/:guild")).toHaveLength(1));
  expect((await answered(ada.says(channel, "@Parley What is 2 + 2?")))[0]?.text).toMatch(/= 4/);
  expect(discord.messagesIn(place).filter(({ text }) => text.includes("= 4"))).toEqual([]);
  expect(problems.join("\n")).toMatch(/servers that are not in DISCORD_ALLOWED_GUILDS.*Elsewhere/);
  expect(problems.join("\n")).toMatch(/added Parley to the Discord server Late .* Parley left it/);
});
