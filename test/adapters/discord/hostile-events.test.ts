import { expect, it } from "vitest";
import type { Json } from "../../servers/discord/wire/json.ts";
import { parleyInDiscord } from "./parley-in-discord.ts";

const EVENTS = [
  "MESSAGE_CREATE",
  "MESSAGE_UPDATE",
  "MESSAGE_DELETE",
  "MESSAGE_DELETE_BULK",
  "MESSAGE_REACTION_ADD",
  "THREAD_CREATE",
  "THREAD_UPDATE",
  "THREAD_DELETE",
  "INTERACTION_CREATE",
  "GUILD_UPDATE",
  "CHANNEL_UPDATE",
  "SOMETHING_NEW",
];

const SHAPES: readonly Json[] = [
  {},
  { id: null },
  { id: 5, channel_id: [], guild_id: {}, author: null },
  { id: "1", channel_id: "2", author: { id: "3" }, content: null, mentions: "all" },
  { id: "1", channel_id: "2", author: [], content: 7, attachments: null, embeds: {} },
  { id: "1", type: 2, token: "t", application_id: "2", data: null, user: null, member: null },
  { id: "1", type: 3, token: "t", data: { custom_id: null }, message: null, channel: null },
  { id: "1", type: 5, token: "t", data: { components: [null] }, channel_id: "2" },
  { id: "1", type: "x", token: 1, data: [] },
  { ids: [null], channel_id: "2" },
  { emoji: null, user_id: "1", channel_id: "2", message_id: "3" },
  { thread_metadata: [], parent_id: {}, id: "1" },
];

/** What JSON besides objects can be: the test server's type has no room for it, a hostile gateway has. */
const NO_OBJECTS: readonly string[] = ["null", "[]", "[null]", "1", '"text"', "true"];

it("keeps working after events of any shape", async () => {
  const here = await parleyInDiscord({ isChecked: false });
  await here.join();
  const { world } = here.discord;
  const shapes = [...SHAPES, ...NO_OBJECTS.map((text): Json => JSON.parse(text))];
  for (const name of EVENTS) {
    for (const data of shapes) {
      world.dispatch({ name, intent: null, guildId: here.guild.id, data: () => data });
    }
  }
  const [answer] = await here.answered(here.ada.says(here.channel, "@Parley What is 2 + 2?"));
  expect(answer?.text).toMatch(/2 \+ 2 = 4/);
  expect(here.exits).toEqual([]);
});
