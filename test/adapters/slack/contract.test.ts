import { expect, vi } from "vitest";
import { createSlack } from "../../../adapters/slack/index.ts";
import { conversationOf, placeOf } from "../../../adapters/slack/place.ts";
import type { PostedMessage } from "../../../src/platform.ts";
import { systemClock } from "../../../src/clock.ts";
import { describePlatformContract } from "../../contracts/platform.ts";
import { turnsWithRunning } from "../../contracts/platform-samples.ts";
import type { PlatformRig } from "../../contracts/platform-rig.ts";
import { createSlack as createServer } from "../../servers/slack/slack.ts";
import { keptIn, openMemory, openParley } from "./parley-in-slack.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { PATIENCE } from "../../support/patience.ts";

async function setup(mode: "socket" | "http"): Promise<PlatformRig> {
  const server = await createServer({ retryDelaysMs: [] });
  const { workspace } = server;
  const ada = workspace.user("U1");
  let remember = () => {};
  const spotOf = ({ conversation, id: ts }: PostedMessage) => ({
    channel: placeOf(conversation).channel,
    ts,
  });
  const modal = (title: string) =>
    vi.waitFor(() => {
      const open = ada.modal();
      if (open?.title !== title) throw new Error(`"${title}" is not open.`);
      return open;
    }, PATIENCE);
  const adapter = async (SLACK_FRESH_MINUTES = "0") => {
    const dir = await temporaryFolder();
    const on = { dir, store: await openMemory(), clock: systemClock };
    const {
      ports: commands,
      installs,
      state,
    } = await openParley(on, {
      turnEvent() {},
      turnDone() {},
      problem() {},
    });
    const env = { ...server.env(mode), SLACK_FRESH_MINUTES };
    const known = turnsWithRunning(commands.turns);
    ({ remember } = known);
    return createSlack({
      env,
      state: state.of("slack"),
      commands: { ...commands, turns: known.turns },
      installs: installs.of("slack"),
      kept: keptIn(on.store),
      exit() {},
      onProblem() {},
    });
  };
  const { platform, http } = await adapter();
  return {
    platform: {
      ...platform,
      async start(intake) {
        await platform.start(intake);
        if (http) await server.subscribe(`${await serveRoute(http)}/slack/events`);
      },
    },
    async conversation() {
      const root = ada.says("C1", "Look at this.", { missed: true });
      return conversationOf({ team: workspace.id, channel: "C1", thread: root.ts });
    },
    async write(conversation, text) {
      const { channel, thread } = placeOf(conversation);
      ada.says(channel, text, { thread });
      await server.settled();
    },
    actions: {
      stop: async (status) => void (await ada.clicks(spotOf(status), "Stop")),
      async retry(final) {
        remember();
        await ada.clicks(spotOf(final), "Retry…");
        await modal("Answer again");
        await ada.submits();
      },
      async why(final) {
        remember();
        await ada.clicks(spotOf(final), "Why");
        return (await modal("The turn so far")).text;
      },
      async prefer(status, answer) {
        remember();
        await ada.clicks(spotOf(status), "Details");
        const { buttons } = await modal("The answers so far");
        expect(buttons.map(({ text }) => text)).toContain("Prefer this");
        await ada.clicksInModal("Prefer this", { value: answer });
      },
      steer: async (status) => void (await ada.clicks(spotOf(status), "Add to this turn")),
      restart: async (status) => void (await ada.clicks(spotOf(status), "Start over with it")),
      rate: async (final, verdict) =>
        void (await ada.clicks(spotOf(final), verdict === "up" ? "👍" : "👎")),
    },
    async reopen(intake) {
      const again = await adapter("10");
      await again.platform.start(intake);
      return again.platform;
    },
    restart: async () => {
      const again = await adapter();
      await again.platform.start({
        message: () => Promise.resolve(),
        edited: () => Promise.resolve(),
        deleted: () => Promise.resolve(),
        replaced: () => Promise.resolve(),
        claim: async () => true,
        command: () => Promise.reject(new Error("none")),
        feedback: () => Promise.resolve({ outcome: "taken", before: null }),
      });
      return again.platform;
    },
    refuseUploads: () =>
      server.faults.always(/^files\./, { kind: "error", error: "missing_scope" }),
    close: () => server.stop(),
  };
}

describePlatformContract("Slack by Socket Mode", () => setup("socket"));
describePlatformContract("Slack by HTTP", () => setup("http"));
