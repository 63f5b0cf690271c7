import { expect, it } from "vitest";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

it("who edits an answered question reads once which command answers the edited one", async () => {
  const { join, ada, channel, answered, discord, mistakes, statuses } = await parleyInDiscord();
  await join();
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await answered(question);
  await until(() => expect(statuses(question)[0]?.text).toMatch(/answered in/));
  const hints = () =>
    discord.messagesIn(question).filter(({ text }) => text.includes("`/parley retry`"));
  ada.edits(question, "@Parley What is 4 + 4?");
  await until(() => expect(hints()).toHaveLength(1));
  ada.edits(question, "@Parley What is 5 + 5?");
  await ada.runs("/parley retry", { in: question });
  expect((await answered(question, 2))[1]?.text).toMatch(/= 10/);
  expect(hints()).toHaveLength(1);
  expect(mistakes()).toEqual([]);
});
