import { createDiscord } from "../../../adapters/discord/index.ts";
import { conversationOf, placeOf } from "../../../adapters/discord/ids.ts";
import { systemClock } from "../../../src/clock.ts";
import { describePlatformContract } from "../../contracts/platform.ts";
import type { PlatformRig } from "../../contracts/platform-rig.ts";
import { createDiscord as createServer } from "../../servers/discord/discord.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { openMemory, openParley } from "./open-parley.ts";

async function setup(): Promise<PlatformRig> {
  const server = await createServer({ limits: "off" });
  const guild = server.guild();
  const ada = guild.user("Ada");
  const channel = guild.channel();
  const adapter = async (DISCORD_FRESH_MINUTES = "0") => {
    const dir = await temporaryFolder();
    const { ports, lock, state } = await openParley(
      { dir, store: await openMemory(), clock: systemClock },
      () => {},
    );
    const env = { ...server.env(), DISCORD_FRESH_MINUTES };
    const on = { env, commands: ports, take: lock, state: state.of("discord") };
    return (await createDiscord({ ...on, exit() {}, onProblem() {} })).platform;
  };
  return {
    platform: await adapter(),
    async conversation() {
      const root = ada.says(channel, "Look at this.");
      const { id: thread } = ada.startsThread(root, "Look");
      return conversationOf({ guild: guild.id, channel: channel.id, thread });
    },
    async write(conversation, text) {
      ada.says({ id: placeOf(conversation).thread }, text);
    },
    async stopTurn({ conversation, id }) {
      await ada.clicks({ channelId: placeOf(conversation).thread, id }, "Stop");
    },
    restart: () => adapter(),
    async reopen(intake) {
      const platform = await adapter("10");
      await platform.start(intake);
      return platform;
    },
    close: () => server.stop(),
  };
}

describePlatformContract("Discord", setup);
