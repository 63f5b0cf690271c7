import { createSlack } from "../../../adapters/slack/index.ts";
import { conversationOf, placeOf } from "../../../adapters/slack/place.ts";
import { systemClock } from "../../../src/clock.ts";
import { describePlatformContract } from "../../contracts/platform.ts";
import type { PlatformRig } from "../../contracts/platform-rig.ts";
import { createSlack as createServer } from "../../servers/slack/slack.ts";
import { keptIn, openMemory, openParley } from "./parley-in-slack.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function setup(mode: "socket" | "http"): Promise<PlatformRig> {
  const server = await createServer({ retryDelaysMs: [] });
  const { workspace } = server;
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
    return createSlack({
      env,
      state: state.of("slack"),
      commands,
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
      const root = workspace.user("U1").says("C1", "Look at this.", { missed: true });
      return conversationOf({ team: workspace.id, channel: "C1", thread: root.ts });
    },
    async write(conversation, text) {
      const { channel, thread } = placeOf(conversation);
      workspace.user("U1").says(channel, text, { thread });
      await server.settled();
    },
    async stopTurn({ conversation, id: ts }) {
      await workspace.user("U1").clicks({ channel: placeOf(conversation).channel, ts }, "Stop");
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
        command: () => Promise.reject(new Error("none")),
        feedback: () => Promise.resolve(),
      });
      return again.platform;
    },
    close: () => server.stop(),
  };
}

describePlatformContract("Slack by Socket Mode", () => setup("socket"));
describePlatformContract("Slack by HTTP", () => setup("http"));
