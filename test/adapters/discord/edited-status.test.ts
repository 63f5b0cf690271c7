import { expect, it } from "vitest";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

it("the status of a question that is edited says what replaced it, without buttons", async () => {
  const { join, ada, channel, answered, statuses, discord } = await parleyInDiscord();
  await join();
  const question = ada.says(channel, "@Parley !ask --team endless What is 2 + 2?");
  await until(() => expect(statuses(question)).toHaveLength(1));
  const first = statuses(question)[0];
  const shown = (id = "") => discord.messagesIn(question).find((message) => message.id === id);
  ada.edits(question, "@Parley What is 4 + 4?");
  await answered(question);
  await until(() => expect(shown(first?.id)?.text).toMatch(/replaced by the edited question/));
  expect(shown(first?.id)?.buttons).toEqual([]);
});
