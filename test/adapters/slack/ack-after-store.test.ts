import { App } from "@slack/bolt";
import { expect, it } from "vitest";
import { createQuietLogger } from "../../../adapters/slack/api/web-client.ts";
import { ackAfterStore } from "../../../adapters/slack/receivers/ack-after-store.ts";
import { NotInstalledError } from "../../../adapters/slack/workspaces.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { envelope, message } from "./events.ts";

interface Rig {
  readonly take?: (body: unknown) => Promise<void>;
  readonly failure?: Error;
}

/** A real Bolt app, and an event as a receiver hands it on. */
async function rig({ take = async () => {}, failure }: Rig = {}) {
  const story: string[] = [];
  const app = new App({
    receiver: { init() {}, start: async () => {}, stop: async () => {} },
    authorize: async () => {
      if (failure) throw failure;
      return { botToken: "xoxb-1", botUserId: "U0PARLEY", botId: "B0PARLEY" };
    },
    deferInitialization: true,
    convoStore: false,
    logger: createQuietLogger(),
  });
  app.error((error) => Promise.reject(error));
  app.event("message", async () => void story.push("listened"));
  await app.init();
  const clock = createFakeClock();
  const gate = ackAfterStore(app, {
    async take(body) {
      await take(body);
      story.push("taken");
    },
    onRateLimited: () => story.push("limited"),
    onNotInstalled: ({ message }) => story.push(message),
    clock,
  });
  const send = (body: object = envelope(message("hi"))) =>
    app.processEvent({ body: { ...body }, ack: async () => void story.push("acked") });
  return { story, gate, send, clock };
}

it("stores an event before it acknowledges it", async () => {
  const { send, story } = await rig();
  await send();
  expect(story).toEqual(["taken", "acked", "listened"]);
});

it("does not acknowledge an event that could not be stored", async () => {
  const { send, story } = await rig({ take: () => Promise.reject(new Error("locked")) });
  await expect(send()).rejects.toThrow("locked");
  expect(story).toEqual([]);
});

it("does not acknowledge an event whose installation could not be read", async () => {
  const { send, story } = await rig({ failure: new Error("locked") });
  await expect(send()).rejects.toThrow(/locked/);
  expect(story).toEqual([]);
});

it("acknowledges an event of a workspace without the app, and drops it", async () => {
  const { send, story } = await rig({ failure: new NotInstalledError("T9") });
  await send();
  expect(story).toEqual(["Parley is not installed in the workspace T9.", "acked"]);
});

it("acknowledges the notice about too many events, which Bolt does not know", async () => {
  const { send, story } = await rig();
  await send({ type: "app_rate_limited", minute_rate_limited: 1 });
  expect(story).toEqual(["limited", "acked"]);
});

it("accepts no events while it closes, and waits for those it handles", async () => {
  const stored = Promise.withResolvers<void>();
  const { send, story, gate } = await rig({ take: () => stored.promise });
  const inside = send();
  const closed = gate.close(5_000).then(() => story.push("closed"));
  await expect(send()).rejects.toThrow(/stopping/);
  stored.resolve();
  await Promise.all([inside, closed]);
  expect(story).toEqual(["taken", "acked", "listened", "closed"]);
});

it("waits no longer than the given time", async () => {
  const { send, gate, clock } = await rig({ take: () => new Promise(() => {}) });
  void send();
  const closed = gate.close(5_000);
  await clock.advance(5_000);
  await closed;
});
