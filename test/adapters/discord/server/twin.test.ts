import { type Client, Events, type Message } from "discord.js";
import { describe, expect, test, vi } from "vitest";
import { useTwin } from "../../../servers/discord-twin.ts";
import { type Address, useClient } from "../../../servers/discord/use-client.ts";
import { useDiscord } from "../../../servers/discord/use-discord.ts";
import { PATIENCE } from "../../../support/patience.ts";

/** What both servers can be asked for. */
interface Stage {
  readonly address: Address;
  readonly channel: string;
  says(text: string): Promise<unknown>;
  runs(name: string): Promise<unknown>;
  /** Texts in the channel, oldest first. */
  texts(): Promise<readonly string[]>;
}

async function twin(): Promise<Stage> {
  const server = await useTwin();
  const [channel] = await server.prisma.channel.findMany();
  const channelId = channel?.id ?? "";
  const user = server.channel(channelId).user((await server.getFirstNonBotUserId()) ?? "");
  return {
    address: { url: server.restUrl, token: server.botToken },
    channel: channelId,
    says: (content) => user.sendMessage({ content }),
    runs: (name) => user.runSlashCommand({ name }),
    texts: async () =>
      (await server.channel(channelId).getMessages()).map(({ content }) => content),
  };
}

async function local(): Promise<Stage> {
  const discord = await useDiscord();
  const [ada, general] = [discord.guild().user("Ada"), discord.guild().channel()];
  const client = await useClient(discord, { intents: ["Guilds"] });
  await client.application.commands.set([{ name: "status", description: "s" }]);
  discord.passes(5_000);
  return {
    address: discord,
    channel: general.id,
    says: async (text) => ada.says(general, text),
    runs: (name) => ada.runs(`/${name}`, { in: general }),
    texts: async () => discord.messagesIn(general).map(({ text }) => text),
  };
}

const channelIn = async (client: Client, stage: Stage) => {
  const channel = await client.channels.fetch(stage.channel);
  if (!channel?.isSendable()) throw new Error("no channel to write in");
  return channel;
};

describe.each([
  ["somebody else's Discord", twin],
  ["ours", local],
])("%s", (_, open) => {
  test("sends people's messages", async () => {
    const stage = await open();
    const client = await useClient(stage.address);
    const heard: Message[] = [];
    client.on(Events.MessageCreate, (message) => void heard.push(message));
    await stage.says("hello");
    await vi.waitFor(
      () => expect(heard.map(({ content }) => content)).toEqual(["hello"]),
      PATIENCE,
    );
    expect(heard[0]?.author.bot).toBe(false);
    expect(heard[0]?.guild?.id).toBe(client.guilds.cache.first()?.id);
  });

  test("stores messages, edits and reactions, and returns them in pages", async () => {
    const stage = await open();
    const client = await useClient(stage.address);
    const channel = await channelIn(client, stage);
    const sent = [];
    for (const text of ["one", "two", "three", "four"]) sent.push(await channel.send(text));
    await sent[0]?.edit("ONE");
    await sent[1]?.react("👍");
    await sent[3]?.delete();
    expect(await stage.texts()).toEqual(["ONE", "two", "three"]);
    const page = await channel.messages.fetch({
      limit: 2,
      before: sent[2]?.id ?? "",
      cache: false,
    });
    expect([...page.values()].map(({ content }) => content)).toEqual(["two", "ONE"]);
    const again = await channel.messages.fetch({ message: sent[1]?.id ?? "", force: true });
    expect(again.reactions.cache.map(({ count }) => count)).toEqual([1]);
  });

  test("opens threads on messages", async () => {
    const stage = await open();
    const client = await useClient(stage.address);
    const sent = await (await channelIn(client, stage)).send("why?");
    const thread = await sent.startThread({ name: "why" });
    await thread.send("because");
    expect([thread.parentId, thread.name, thread.isThread()]).toEqual([stage.channel, "why", true]);
    const active = await thread.parent?.threads.fetchActive();
    expect(active?.threads.map(({ id }) => id)).toEqual([thread.id]);
  });

  test("supports deferred responses, edits and follow-ups", async () => {
    const stage = await open();
    const client = await useClient(stage.address);
    const done = vi.fn();
    client.on(Events.InteractionCreate, (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      interaction
        .deferReply()
        .then(() => interaction.editReply("all is well"))
        .then(() => interaction.followUp("really"))
        .finally(done)
        .catch(() => {});
    });
    await stage.runs("status");
    await vi.waitFor(() => expect(done).toHaveBeenCalled(), PATIENCE);
    expect(await stage.texts()).toEqual(["all is well", "really"]);
  });
});
