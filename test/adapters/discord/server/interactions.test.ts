import {
  type Client,
  type Interaction,
  MessageFlags,
  ModalBuilder,
  Routes,
  TextInputStyle,
} from "discord.js";
import { expect, test, vi } from "vitest";
import { useClient } from "../../../servers/discord/use-client.ts";
import { useDiscord } from "../../../servers/discord/use-discord.ts";
import { refusalOf } from "./refusal-of.ts";
import { PATIENCE } from "../../../support/patience.ts";

const name = { type: 3, name: "name", description: "n", autocomplete: true, required: true };
const COMMANDS = [
  {
    name: "team",
    description: "Teams",
    options: [{ type: 1, name: "use", description: "u", options: [name] }],
  },
  {
    name: "ask",
    description: "Asks",
    options: [
      { type: 3, name: "question", description: "q", required: true },
      { type: 11, name: "file", description: "f" },
    ],
  },
  { name: "reset", description: "r", default_member_permissions: "32" },
  { name: "Ask the team", type: 3 },
];

async function open(take: (interaction: Interaction) => unknown, scale = 1) {
  const discord = await useDiscord({ scale });
  const guild = discord.guild();
  const [ada, general] = [guild.user("Ada"), guild.channel()];
  const client = await useClient(discord);
  const body = COMMANDS;
  await client.rest.put(Routes.applicationCommands(discord.applicationId), { body });
  client.on("interactionCreate", (interaction) => void take(interaction));
  return { discord, guild, ada, general, client };
}

const say = (client: Client, id: string, customId: string) =>
  client.rest.post(Routes.channelMessages(id), {
    body: {
      content: "status",
      components: [
        { type: 1, components: [{ type: 2, style: 4, label: "Stop", custom_id: customId }] },
      ],
    },
  });

test("a deferred ephemeral response is completed for its user only, and follow-ups may follow", async () => {
  const { discord, ada, general } = await open(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply(`${interaction.options.getSubcommand()} it is`);
    await interaction.followUp("for all");
  });
  const ran = await ada.runs("/team use name: council", { in: general });
  expect(ran.outcome).toBe("thinking");
  await vi.waitFor(() => expect(ran.replies()).toHaveLength(2), PATIENCE);
  expect(discord.shown(general)).toBe("Parley: for all");
  expect(discord.shown(general, ada)).toBe("Parley (only you): use it is\nParley: for all");
  expect(discord.violations).toEqual([]);
});

test("a late or second response is refused", async () => {
  const errors: unknown[] = [];
  const { discord, ada, general } = await open(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    if (interaction.commandName === "ask") discord.passes(3_001);
    const answers = [interaction.reply("one"), interaction.reply("two")];
    for (const answer of answers) errors.push(await refusalOf(answer).catch(() => "answered"));
  });
  expect((await ada.runs("/ask question: why", { in: general })).outcome).toBe("failed");
  await vi.waitFor(() => expect(errors).toEqual([10_062, 10_062]), PATIENCE);
  expect(discord.violations[0]).toContain("not acknowledged within three seconds");
  expect((await ada.runs("/team use name: x", { in: general })).text).toBe("one");
  await vi.waitFor(() => expect(errors.slice(2)).toEqual(["answered", 40_060]), PATIENCE);
});

test("a token expires after fifteen minutes", async () => {
  const late = vi.fn();
  const { discord, ada, general } = await open(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    discord.passes(15 * 60_000 + 1);
    late(await refusalOf(interaction.editReply("too late")));
  });
  const ran = await ada.runs("/ask question: why", { in: general });
  await vi.waitFor(() => expect(late).toHaveBeenCalledWith(50_027), PATIENCE);
  expect(ran.replies()[0]?.isThinking).toBe(true);
});

test("buttons open forms, forms answer, and messages are updated", async () => {
  const { discord, ada, general, client } = await open(async (interaction) => {
    if (interaction.isButton() && interaction.customId === "stop") {
      const modal = new ModalBuilder({ custom_id: "why", title: "Why?" }).addLabelComponents({
        type: 18,
        label: "Reason",
        component: { type: 4, custom_id: "reason", style: TextInputStyle.Short, max_length: 10 },
      });
      await interaction.showModal(modal);
    }
    if (interaction.isModalSubmit() && interaction.isFromMessage()) {
      const reason = interaction.fields.getTextInputValue("reason");
      await interaction.update({ content: `stopped: ${reason}`, components: [] });
    }
  });
  await say(client, general.id, "stop");
  const [status] = discord.messagesIn(general);
  if (!status) throw new Error("no status");
  const ran = await ada.clicks(status, "Stop");
  expect(ran.modal?.fields[0]?.label).toBe("Reason");
  await expect(ada.submits(ran, { Reason: "" })).rejects.toThrow("required");
  await expect(ada.submits(ran, { Reason: "x".repeat(11) })).rejects.toThrow("0 to 10");
  await ada.submits(ran, { Reason: "enough" });
  expect(discord.shown(general)).toBe("Parley (edited): stopped: enough");
  await expect(ada.clicks(status, "Stop")).rejects.toThrow('no "Stop" on that message');
  expect(discord.violations).toEqual([]);
});

test("autocomplete gets what has been typed so far", async () => {
  const { ada, general } = await open(async (interaction) => {
    if (!interaction.isAutocomplete()) return;
    const typed = interaction.options.getFocused();
    await interaction.respond([{ name: `${typed}ncil`, value: "council" }]);
  });
  const choices = await ada.completes("/team use name: cou", { in: general });
  expect(choices).toEqual([{ name: "council", value: "council" }]);
  await expect(ada.completes("/ask question: w", { in: general })).rejects.toThrow(
    "no autocomplete",
  );
});

test("commands include the files and messages that they name", async () => {
  const seen: string[] = [];
  const { ada, general } = await open(async (interaction) => {
    if (interaction.isChatInputCommand()) {
      const file = interaction.options.getAttachment("file");
      seen.push(await (await fetch(file?.url ?? "")).text());
      await interaction.reply("read");
    }
    if (interaction.isMessageContextMenuCommand()) {
      seen.push(interaction.targetMessage.content);
      await interaction.reply("asked");
    }
  });
  const files = [{ name: "notes.md", content: "# Notes" }];
  await ada.runs("/ask question: what is it? file: notes.md", { in: general, files });
  await ada.usesMenu("Ask the team", ada.says(general, "is it so?"));
  expect(seen).toEqual(["# Notes", "is it so?"]);
});

test("commands are offered to people who may use them, and validated", async () => {
  const { guild, ada, general } = await open(() => {});
  const max = guild.user("Max", { roles: ["mods"] });
  expect(ada.offers(general)).not.toContain("reset");
  const role = guild.role("admins", ["ADMINISTRATOR"]);
  expect(guild.user("Max", { roles: ["admins"] }).offers(general)).toContain("reset");
  expect(role.id).not.toBe(max.id);
  await expect(ada.runs("/reset", { in: general })).rejects.toThrow('"reset" is not offered');
  await expect(ada.runs("/team use", { in: general })).rejects.toThrow('"name" is required');
  await expect(ada.runs("/team drop", { in: general })).rejects.toThrow("no subcommand");
});
