import { vi } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import type { Adapter } from "../../../src/adapter-kit/adapter.ts";
import type { PostedMessage } from "../../../src/platform.ts";
import { describePlatformContract } from "../../contracts/platform.ts";
import type { PlatformRig } from "../../contracts/platform-rig.ts";
import { createLines } from "../../example-adapter/lines.ts";
import { readLinesSettings } from "../../example-adapter/settings.ts";
import { conversationOf, roomOf } from "../../example-adapter/tag.ts";
import { createLinesServer } from "../../servers/lines/lines-server.ts";
import { PATIENCE } from "../../support/patience.ts";

async function setup(): Promise<PlatformRig> {
  const server = await createLinesServer();
  const adapters: Adapter[] = [];
  const open = (LINES_FRESH_MINUTES = "0") => {
    const adapter = createLines({
      settings: readLinesSettings({ ...server.env, LINES_FRESH_MINUTES }),
      clock: systemClock,
      wallClock: Date.now,
      commands: { turns: { get: async () => null, untaken: async (messages) => messages } },
      report() {},
    });
    adapters.push(adapter);
    return adapter.platform;
  };
  let rooms = 0;
  /** Chooses the action of a message that begins so. */
  const chooses =
    (start: string) =>
    async ({ id }: PostedMessage) => {
      const actions = server.messages.find((message) => message.id === id)?.actions ?? [];
      server.chooses(id, actions.find((action) => action.startsWith(start)) ?? "");
    };
  return {
    platform: open(),
    conversation: async () => conversationOf(`room-${++rooms}`),
    async write(conversation, text) {
      server.says(roomOf(conversation), text);
    },
    actions: {
      stop: chooses("stop"),
      retry: chooses("retry"),
      async why(final) {
        const before = server.messages.length;
        await chooses("why")(final);
        return vi.waitFor(() => {
          const reply = server.messages[before];
          if (!reply) throw new Error("There is no reply.");
          return reply.text;
        }, PATIENCE);
      },
    },
    restart: async () => open(),
    async reopen(intake) {
      const platform = open("10");
      await platform.start(intake);
      return platform;
    },
    async close() {
      for (const { restore } of adapters) await restore?.();
      await server.stop();
    },
  };
}

describePlatformContract("The example adapter", setup);
