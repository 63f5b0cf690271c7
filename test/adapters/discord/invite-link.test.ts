import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inviteLink } from "../../../adapters/discord/guilds/membership.ts";
import { parleyInDiscord } from "./parley-in-discord.ts";

const LINK =
  "https://discord.com/oauth2/authorize?client_id=1&scope=bot+applications.commands&permissions=309237746688";

test("the invite link requests the permissions that answering needs, and no more", () => {
  expect(inviteLink("https://discord.com/api", "1")).toBe(LINK);
});

test("the quick start shows the invite link", async () => {
  const page = join(import.meta.dirname, "../../../docs/quick-start-discord.md");
  const text = await readFile(page, "utf8");
  expect(text).toContain(LINK.replace("client_id=1", "client_id=APPLICATION_ID"));
});

test("without a server, Parley reports the invite link", async () => {
  const { discord, join, problems } = await parleyInDiscord();
  discord.world.guilds.clear();
  await join();
  expect(problems.join()).toMatch(/in no Discord server yet. Add it with http.*client_id=/);
});
