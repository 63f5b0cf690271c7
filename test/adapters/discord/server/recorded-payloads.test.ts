import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addressedOf } from "../../../../adapters/discord/parse/addressed.ts";
import { personOf } from "../../../../adapters/discord/guilds/people.ts";
import { readText } from "../../../../adapters/discord/parse/read-text.ts";
import { isThread } from "../../../../adapters/discord/wire/channel.ts";
import { Interaction } from "../../../../adapters/discord/wire/interaction.ts";
import { Message } from "../../../../adapters/discord/wire/message.ts";

const FILE = join(import.meta.dirname, "../../../../../shared/data/payloads/discord.json");
const Recordings = z.looseObject({ metadata: z.object({ botId: z.string(), roleId: z.string() }) });
const recorded = existsSync(FILE)
  ? Recordings.parse(JSON.parse(readFileSync(FILE, "utf8")))
  : { metadata: { botId: "", roleId: "" } };
const { botId: self, roleId: ownRole } = recorded.metadata;
const reader = { self, ownRole, channelName: () => undefined, roleName: () => undefined };
const Event = z.object({ type: z.string(), data: z.unknown() });

const messages = Object.entries(recorded).flatMap(([name, value]) => {
  const event = Event.safeParse(value).data;
  return event?.type === "GATEWAY_MESSAGE_CREATE"
    ? [[name, Message.parse(event.data)] as const]
    : [];
});
const interactions = Object.entries(recorded).flatMap(([name, value]) => {
  const { success, data } = Interaction.safeParse(value);
  return success ? [[name, data] as const] : [];
});

// The recordings lie beside the project, not in it.
describe.skipIf(messages.length === 0)("recorded payloads of a real server", () => {
  it("are parsed as messages", () => {
    const read = messages.map(([name, message]) => {
      const where = isThread(message.channel_type ?? 0) ? "thread" : "channel";
      return [name, `${addressedOf(message, where, reader)}: ${readText(message, reader)}`];
    });
    expect(Object.fromEntries(read)).toMatchObject({
      gatewayMention: "mention: Hey",
      gatewayAIMention: "mention: AI What is love",
      gatewayRoleMention: "mention: AI Still there?",
      gatewaySubscribedMessage: "thread: Hey",
      gatewayDMRequest: "thread: DM me",
    });
  });

  it("are parsed as button clicks, in servers and in direct messages", () => {
    const read = interactions.map(([name, { member, user, data, channel }]) => [
      name,
      [
        personOf(member?.user ?? user ?? { id: "", username: "" }).name,
        data.custom_id,
        channel?.type,
      ],
    ]);
    expect(Object.fromEntries(read)).toMatchObject({
      buttonClickHello: ["Test User", "hello", 11],
      buttonClickMessages: ["Test User", "messages", 11],
      dmButtonClick: ["Test User", "dm-action", 1],
    });
  });
});
