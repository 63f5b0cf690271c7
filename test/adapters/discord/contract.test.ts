import { expect, vi } from "vitest";
import { createDiscord } from "../../../adapters/discord/index.ts";
import { conversationOf, placeOf } from "../../../adapters/discord/ids.ts";
import type { PostedMessage } from "../../../src/platform.ts";
import { systemClock } from "../../../src/clock.ts";
import { describePlatformContract } from "../../contracts/platform.ts";
import { turnsWithRunning } from "../../contracts/platform-samples.ts";
import type { SeenMessage } from "../../servers/discord/people/seen.ts";
import type { PlatformRig } from "../../contracts/platform-rig.ts";
import { createDiscord as createServer } from "../../servers/discord/discord.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { openMemory, openParley } from "./open-parley.ts";
import { PATIENCE } from "../../support/patience.ts";

async function setup(): Promise<PlatformRig> {
  const server = await createServer({ limits: "off" });
  const guild = server.guild();
  const ada = guild.user("Ada");
  const channel = guild.channel();
  let remember = () => {};
  /** Clicks on the button whose label begins so, or whose id ends so where it has an emoji alone. */
  const clicks = ({ conversation, id }: PostedMessage, what: string, shown?: SeenMessage) => {
    const { thread: channelId } = placeOf(conversation);
    const message = shown ?? server.messagesIn({ id: channelId }).find((one) => one.id === id);
    const button = message?.buttons.find(
      ({ label, customId }) => label.startsWith(what) || customId?.endsWith(what),
    );
    return ada.clicks({ channelId, id }, button?.customId ?? what);
  };
  const adapter = async (DISCORD_FRESH_MINUTES = "0") => {
    const dir = await temporaryFolder();
    const { ports, lock, state } = await openParley(
      { dir, store: await openMemory(), clock: systemClock },
      () => {},
    );
    const env = { ...server.env(), DISCORD_FRESH_MINUTES };
    const known = turnsWithRunning(ports.turns);
    ({ remember } = known);
    const on = {
      env,
      commands: { ...ports, turns: known.turns },
      take: lock,
      state: state.of("discord"),
    };
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
    actions: {
      stop: async (status) => void (await clicks(status, "Stop")),
      async retry(final) {
        await (await clicks(final, "Retry")).submits({ team: ["*"] });
      },
      async why(final) {
        const ran = await clicks(final, "Why");
        await vi.waitFor(() => expect(ran.text).not.toBe(""), PATIENCE);
        return ran.text;
      },
      async prefer(status, answer) {
        remember();
        const ran = await clicks(status, "Details");
        await vi.waitFor(() => expect(ran.text).not.toBe(""), PATIENCE);
        const [details] = ran.replies();
        if (details) await clicks({ ...status, id: details.id }, `Prefer ${answer}`, details);
      },
      steer: async (status) => void (await clicks(status, "Add now")),
      restart: async (status) => void (await clicks(status, "Start over")),
      async rate(final, verdict) {
        remember();
        await clicks(final, `:${verdict}`);
      },
    },
    restart: () => adapter(),
    async reopen(intake) {
      const platform = await adapter("10");
      await platform.start(intake);
      return platform;
    },
    refuseUploads: () =>
      server.faults.always({ kind: "status", status: 403 }, ({ files }) => files.length > 0),
    close: () => server.stop(),
  };
}

describePlatformContract("Discord", setup);
