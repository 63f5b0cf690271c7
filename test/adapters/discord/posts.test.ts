import { describe, expect, it } from "vitest";
import { createDiscord } from "../../../adapters/discord/index.ts";
import { conversationOf, snowflakeAt } from "../../../adapters/discord/ids.ts";
import { systemClock } from "../../../src/clock.ts";
import { finalOf, markOf, statusOf } from "../../contracts/platform-samples.ts";
import type { Fault } from "../../servers/discord/rest/faults.ts";
import { useDiscord } from "../../servers/discord/use-discord.ts";
import type { DiscordOptions } from "../../servers/discord/options.ts";
import { sampleStatus } from "../../support/sample-views.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { openMemory, openParley } from "./open-parley.ts";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

const signal = new AbortController().signal;

/** The adapter, not connected, over a thread of a Discord on this machine. */
async function thread(options?: DiscordOptions) {
  const discord = await useDiscord(options);
  const guild = discord.guild();
  const ada = guild.user("Ada");
  const channel = guild.channel();
  const place = ada.startsThread(ada.says(channel, "Look"), "Look");
  const dir = await temporaryFolder();
  const on = { dir, store: await openMemory(), clock: systemClock };
  const { ports: commands, lock, state } = await openParley(on, () => {});
  let now = Date.now();
  const { platform } = await createDiscord({
    env: discord.env(),
    state: state.of("discord"),
    take: lock,
    commands,
    exit() {},
    onProblem() {},
    wallClock: () => now,
  });
  const conversation = conversationOf({ guild: guild.id, channel: channel.id, thread: place.id });
  return { discord, ada, place, platform, conversation, later: (ms: number) => void (now += ms) };
}

describe("a final answer", () => {
  it.each<[Fault, number]>([
    [{ kind: "status after", status: 502 }, 2],
    [{ kind: "drop after" }, 1],
  ])("stands once, though replies were lost: %o", async (fault, times) => {
    const { discord, place, platform, conversation } = await thread({ limits: "off" });
    discord.faults.add("POST /channels/:id/messages", fault, times);
    await platform.post(conversation, finalOf("A B-tree."), markOf("final")).catch(() => {});
    await platform.post(conversation, finalOf("A B-tree."), markOf("final"));
    expect(discord.messagesIn(place).filter(({ text }) => text.includes("B-tree"))).toHaveLength(1);
  });

  it("waits for a rate limit, in order", async () => {
    const { discord, place, platform, conversation } = await thread({ scale: 10 });
    for (let chunk = 0; chunk < 8; chunk++)
      await platform.post(conversation, finalOf(`part ${chunk}`, chunk, 8), markOf("final", chunk));
    const texts = discord.messagesIn(place).map(({ text }) => text.split("\n")[0]);
    expect(texts).toEqual(Array.from({ length: 8 }, (_, i) => `part ${i}`));
    expect(discord.limited()).toEqual([]);
  });

  it("that is too long becomes a file, and is read back from it", async () => {
    const { discord, place, platform, conversation } = await thread();
    const file = { name: "answer.md", text: "# All of it ☃\n".repeat(500) };
    const final = finalOf("The beginning.");
    if (final.kind !== "final") throw new Error("That is no final answer.");
    await platform.post(conversation, { ...final, file }, markOf("final"));
    expect(discord.messagesIn(place)[0]?.files).toMatchObject([{ name: "answer.md" }]);
    const { messages } = await platform.history(conversation, signal);
    const [read] = messages.at(-1)?.files ?? [];
    expect(new TextDecoder().decode(await read?.load(signal))).toBe(file.text);
  });
});

describe("a status", () => {
  it("does not wait for a rate limit: by then it would be stale", async () => {
    const { platform, conversation } = await thread();
    const status = await platform.post(conversation, statusOf(), markOf("status"));
    const edits = Array.from({ length: 7 }, () => platform.edit(status, statusOf("reviewing")));
    const outcomes = await Promise.allSettled(edits);
    const refused = outcomes.filter(({ status: outcome }) => outcome === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { outcome: "rate_limited" } });
    expect(refused[0]).toHaveProperty("reason.retryAfterMs", expect.any(Number));
  });

  it("that goes with its answer is deleted, once", async () => {
    const { place, platform, conversation, discord } = await thread();
    const status = await platform.post(conversation, statusOf(), markOf("status"));
    const view = sampleStatus({ phase: "answered", after: "delete" });
    await platform.edit(status, { kind: "status", view });
    expect(discord.messagesIn(place)).toEqual([]);
    await platform.edit(status, { kind: "status", view });
  });

  it("in an archived thread reopens it", async () => {
    const { ada, place, platform, conversation, discord } = await thread();
    const status = await platform.post(conversation, statusOf(), markOf("status"));
    ada.archives(place);
    await platform.edit(status, statusOf("answered"));
    expect(discord.messagesIn(place)[0]?.text).toContain("answered in");
  });

  it("in a locked thread is refused with what to do", async () => {
    const { discord, place, platform, conversation } = await thread();
    const status = await platform.post(conversation, statusOf(), markOf("status"));
    discord.guild().botMayNot("MANAGE_THREADS");
    const olga = discord.guild().user("Olga");
    olga.locks(place);
    olga.archives(place);
    await expect(platform.edit(status, statusOf("answered"))).rejects.toThrow(
      /role lacks a permission|locked|archived/,
    );
  });

  it("of fifty minutes is replaced by a new message, except for its last edit", async () => {
    const { platform, conversation, later } = await thread();
    const status = await platform.post(conversation, statusOf(), markOf("status"));
    later(51 * 60_000);
    await expect(platform.edit(status, statusOf("reviewing"))).rejects.toMatchObject({
      outcome: "gone",
    });
    expect(await platform.find(conversation, markOf("status"))).toBeUndefined();
    const fresh = await platform.post(conversation, statusOf("reviewing"), markOf("status"));
    expect(fresh.id).not.toBe(status.id);
    await platform.edit(status, statusOf("answered"));
  });

  it("is edited although its server's ids tell a wrong time", async () => {
    const countsFrom = BigInt(snowflakeAt(Date.now() - 3 * 3_600_000));
    const { platform, conversation, later } = await thread({ gaps: { countsFrom } });
    const status = await platform.post(conversation, statusOf(), markOf("status"));
    await platform.edit(status, statusOf("reviewing"));
    later(51 * 60_000);
    await expect(platform.edit(status, statusOf("reviewing"))).rejects.toMatchObject({
      outcome: "gone",
    });
  });

  it("older than an hour is not edited repeatedly, which Discord limits", async () => {
    const { discord, platform, conversation } = await thread({ limits: "off" });
    const status = await platform.post(conversation, statusOf(), markOf("status"));
    discord.passes(61 * 60_000);
    const edits = async () => {
      for (let i = 0; i < 60; i++) await platform.edit(status, statusOf("reviewing"));
    };
    await expect(edits()).rejects.toMatchObject({ outcome: "rate_limited" });
  });
});

it("a thread of three hundred messages is read completely, with its first message", async () => {
  const { ada, place, platform, conversation } = await thread({ limits: "off" });
  for (let i = 0; i < 300; i++) ada.says(place, `message ${i}`);
  const { messages, complete } = await platform.history(conversation, signal);
  expect(complete).toBe(true);
  expect(messages.map(({ text }) => text)).toEqual([
    "Look",
    ...Array.from({ length: 300 }, (_, i) => `message ${i}`),
  ]);
});

it("attached files are read, also after their link has expired", async () => {
  const { discord, ada, place, platform, conversation } = await thread();
  ada.says(place, "see", { files: [{ name: "a.csv", content: "a,b", mediaType: "text/csv" }] });
  const { messages } = await platform.history(conversation, signal);
  const [file] = messages.at(-1)?.files ?? [];
  expect(file).toMatchObject({ name: "a.csv", mediaType: "text/csv", bytes: 3 });
  discord.passes(48 * 3_600_000);
  expect(new TextDecoder().decode(await file?.load(signal))).toBe("a,b");
});

it.each([
  ["a web page", "<!DOCTYPE html><title>Just a moment...</title>"],
  ["JSON", '{"message":"401: Unauthorized","code":0}'],
  ["XML", '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'],
  ["an SVG drawing", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
])("%s that is served as an image or a PDF is not read as one", async (what, content) => {
  const { ada, place, platform, conversation } = await thread();
  const files = ["image/png", "application/pdf"].map((mediaType) => ({
    name: "a",
    content,
    mediaType,
  }));
  ada.says(place, "see", { files });
  const { messages } = await platform.history(conversation, signal);
  const read = messages.at(-1)?.files ?? [];
  expect(read).toHaveLength(2);
  for (const file of read) await expect(file.load(signal)).rejects.toThrow(`but holds ${what}.`);
});

describe("a missing permission is named to the person who asked", () => {
  const words = /I cannot answer in #general: my role lacks \*\*Create Public Threads\*\*/;

  it.each(["before", "after"])(
    "in the channel, if the permission was removed %s Parley joined",
    async (when) => {
      const { join, ada, guild, channel, discord, problems } = await parleyInDiscord();
      if (when === "before") guild.botMayNot("CREATE_PUBLIC_THREADS");
      await join();
      guild.botMayNot("CREATE_PUBLIC_THREADS");
      ada.says(channel, "@Parley What is 2 + 2?");
      await until(() => expect(discord.messagesIn(channel).at(-1)?.text).toMatch(words));
      expect(problems).toEqual([]);
    },
  );

  it("in a direct message, if Parley may not write in the channel", async () => {
    const { join, ada, guild, channel, discord } = await parleyInDiscord();
    await join();
    guild.denies(discord.bot, channel, "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS");
    ada.says(channel, "@Parley What is 2 + 2?");
    await until(() =>
      expect(discord.messagesIn(ada.dm).at(-1)?.text).toMatch(/\*\*Send Messages in Threads\*\*/),
    );
  });

  it("before a thread is opened in which Parley could not post", async () => {
    const { join, ada, guild, channel, discord } = await parleyInDiscord();
    await join();
    guild.denies(discord.bot, channel, "SEND_MESSAGES_IN_THREADS");
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await until(() =>
      expect(discord.messagesIn(channel).at(-1)?.text).toBe(
        `I cannot answer in #general: my role lacks **Send Messages in Threads** there. Somebody who manages the server can allow it in the channel's settings → Permissions.`,
      ),
    );
    expect(discord.threadOf(question)).toBeUndefined();
  });
});
