import { describe, expect, onTestFinished, test } from "vitest";
import { parsePress } from "../../adapters/discord/render/buttons.ts";
import { createDiscord, type Discord } from "../servers/discord/discord.ts";
import type { DiscordOptions } from "../servers/discord/options.ts";
import type { Place } from "../servers/discord/people/place.ts";
import { createSlack } from "../servers/slack/slack.ts";
import { type House, openHouse } from "./house.ts";
import { type ParleyProcess } from "./parley-process.ts";

/** A Discord, and what Parley has posted there. */
async function openDiscord(options?: DiscordOptions) {
  const discord = await createDiscord(options);
  onTestFinished(() => discord.stop());
  const guild = discord.guild();
  return { discord, channel: guild.channel(), ada: guild.user("Ada"), posts: postsIn(discord) };
}

const postsIn =
  (discord: Discord) =>
  (place: Place, kind: "status" | "final"): readonly string[] =>
    (discord.world.channels.has(place.id) ? discord.messagesIn(place) : [])
      .filter(({ buttons }) => parsePress(buttons[0]?.customId ?? "")?.mark.kind === kind)
      .map(({ text }) => text);

/** As `npm start` with the platforms' tokens. */
async function serve(house: House, env: Readonly<Record<string, string>>): Promise<ParleyProcess> {
  const parley = house.start({ env });
  await parley.until(() => expect(parley.errors()).toContain('"serving"'));
  return parley;
}

const ROOT = "The code word is heron. How do we begin?";

test("a turn of a Discord thread that was killed in the middle is finished by the next start: one status, one answer", async () => {
  const house = await openHouse();
  const { discord, channel, ada, posts } = await openDiscord();
  const release = house.panel.hold(({ model }) => model === "gemini-test");
  const first = await serve(house, discord.env());
  const question = ada.says(channel, `@Parley ${ROOT}`);
  await first.until(() => expect(posts(question, "status")[0]).toMatch(/answered/));
  await first.until(() => expect(house.panel.count("gemini-test", "answer")).toBe(1));
  first.kill("SIGKILL");
  await first.exited;
  const followUp = "And then?";
  ada.says(question, followUp);
  release();
  discord.passes(10_000);
  const next = await serve(house, discord.env());
  await next.until(() => expect(posts(question, "final")).toHaveLength(2));
  expect(posts(question, "final")[0]).toMatch(/heron, answer 1/);
  expect(posts(question, "final")[1]).toMatch(/answer 2: .* on “And then\?”/);
  await next.until(() => expect(posts(question, "status")).toHaveLength(2));
  expect(house.panel.count("gpt-test", "answer")).toBe(2);
  next.kill("SIGTERM");
  expect(await next.exited).toBe(0);
  expect(discord.violations.filter((text) => !text.includes(": got "))).toEqual([]);
});

test("Slack and Discord in one process do not get in each other's way", async () => {
  const house = await openHouse();
  const { discord, channel, ada, posts } = await openDiscord();
  const slack = await createSlack();
  onTestFinished(() => slack.stop());
  const { workspace } = slack;
  const env = { ...discord.env(), ...slack.env("socket"), SLACK_FRESH_MINUTES: "0" };
  const parley = await serve(house, env);
  const asked = workspace.user("U1").says("C1", `<@${workspace.bot()}> Does a lathe turn?`);
  const inSlack = () =>
    workspace
      .thread(asked.channel, asked.ts)
      .filter(({ metadata }) => JSON.stringify(metadata ?? "").includes("final"));
  const question = ada.says(channel, `@Parley ${ROOT}`);
  await parley.until(() => expect(inSlack()).toHaveLength(1));
  await parley.until(() => expect(posts(question, "final")).toHaveLength(1));
  expect(posts(question, "final")[0]).toContain("heron");
  expect(JSON.stringify(inSlack())).not.toContain("heron");
  const prompts = house.panel.asked.map((one) => JSON.stringify(one));
  expect(prompts.filter((one) => one.includes("heron") && one.includes("lathe"))).toEqual([]);

  // Discord breaks down in the middle of a turn; Slack does not notice.
  discord.gateway.goesDown();
  discord.faults.add("*", { kind: "status", status: 503 }, 1_000);
  workspace.user("U1").says("C1", "And a drill?", { thread: asked.ts });
  await parley.until(() => expect(inSlack()).toHaveLength(2));
  discord.faults.clear();
  discord.gateway.comesBack();
  ada.says(question, "And then?");
  discord.passes(10_000);
  await parley.until(() => expect(posts(question, "final")).toHaveLength(2));
});

describe("what ends the process says what to do, and that it went wrong", () => {
  test("a token that Discord does not know", async () => {
    const house = await openHouse();
    const { discord } = await openDiscord();
    const parley = house.start({ env: { ...discord.env(), DISCORD_TOKEN: "wrong" } });
    expect(await parley.exited).toBe(2);
    expect(parley.errors()).toMatch(
      /parley: Discord does not accept DISCORD_TOKEN: press Reset Token under https:/,
    );
  });

  test("an intent that is not switched on", async () => {
    const house = await openHouse();
    const { discord } = await openDiscord({ privileged: { messageContent: false } });
    const parley = house.start({ env: discord.env() });
    expect(await parley.exited).toBe(2);
    expect(parley.errors()).toContain("switch on “Message Content Intent”");
  });

  test.each([
    [4004, "press Reset Token"],
    [4014, "switch on “Message Content Intent”"],
  ])("a close with %i while it runs", async (code, words) => {
    const house = await openHouse();
    const { discord } = await openDiscord();
    const parley = await serve(house, discord.env());
    discord.gateway.closesWith(code);
    expect(await parley.exited).toBe(1);
    expect(parley.errors()).toContain(words);
  });
});
