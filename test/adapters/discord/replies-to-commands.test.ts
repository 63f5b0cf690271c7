import { expect, it } from "vitest";
import { conversationOf } from "../../../adapters/discord/ids.ts";
import { MESSAGE } from "../../servers/discord/world/message.ts";
import { createMessage } from "../../servers/discord/world/message-life.ts";
import { parleyInDiscord } from "./parley-in-discord.ts";

/** A thread in which another bot has answered commands, and what Parley reads of it. */
async function threadWithBot() {
  const { join, ada, channel, answered, guild, discord } = await parleyInDiscord();
  const { platform } = await join();
  const bot = guild.bot("Notes");
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await answered(question);
  const place = { guild: guild.id, channel: channel.id, thread: question.id };
  const thread = discord.world.channels.get(question.id);
  if (!thread) throw new Error("There is no thread.");
  return {
    ada,
    question,
    guild,
    /** The bot answers a command; `to`: the message whose menu had it. */
    answersCommand: (type: number, content: string, to?: { readonly id: string }) =>
      createMessage(discord.world, thread, {
        authorId: bot.id,
        type,
        content,
        reference: to ? { messageId: to.id, channelId: thread.id, guildId: guild.id } : null,
      }),
    read: async () => {
      const history = await platform.history(conversationOf(place), new AbortController().signal);
      return history.messages.filter(({ mark }) => !mark).map(({ text }) => text);
    },
  };
}

it("a bot's answer to a menu command says of which message it is", async () => {
  const { ada, question, answersCommand, read } = await threadWithBot();
  const plan = ada.says(question, "Plan A: a broker.");
  answersCommand(MESSAGE.contextCommand, "Saved.", plan);
  expect((await read()).at(-1)).toBe("Saved.\n\n(replying to Ada: Plan A: a broker.)");
});

it("a reply to a bot's answer to a command says what that answer was", async () => {
  const { ada, question, guild, answersCommand, read } = await threadWithBot();
  const said = answersCommand(MESSAGE.chatCommand, "Rain from noon on.");
  const place = { id: said.id, channelId: said.channelId, guildId: guild.id };
  ada.says(question, "Is that certain?", { reply: place });
  expect((await read()).slice(-2)).toEqual([
    "Rain from noon on.",
    "Is that certain?\n\n(replying to Notes: Rain from noon on.)",
  ]);
});
