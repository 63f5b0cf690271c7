import { describe, expect, test, vi } from "vitest";
import { createFakeClock } from "../../support/fake-clock.ts";
import { useSlack } from "../../servers/slack/use-slack.ts";
import { bareEndpoint, bareSocket, httpApp, socketApp, webClient } from "./bolt-app.ts";
import { PATIENCE } from "../../support/patience.ts";

describe("events by HTTP", () => {
  test("that are not acknowledged come again, and say why", async () => {
    const slack = await useSlack({ retryDelaysMs: [0, 0, 0] });
    const headers = await bareEndpoint(slack, () => 500);
    slack.workspace.user("U1").says("C1", "hello");
    await vi.waitFor(() => expect(headers).toHaveLength(4), PATIENCE);
    expect(headers.map((each) => each["x-slack-retry-num"])).toEqual([undefined, "1", "2", "3"]);
    expect(headers.at(-1)?.["x-slack-retry-reason"]).toBe("http_error");
  });

  test("have three seconds", async () => {
    const clock = createFakeClock();
    const slack = await useSlack({ clock });
    const headers = await bareEndpoint(slack, () => "never");
    slack.workspace.user("U1").says("C1", "hello");
    await vi.waitFor(() => expect(headers).toHaveLength(1), PATIENCE);
    await clock.advance(3_000);
    await vi.waitFor(async () => {
      await clock.advance(0);
      expect(headers).toHaveLength(2);
    }, PATIENCE);
    expect(headers.at(-1)?.["x-slack-retry-reason"]).toBe("http_timeout");
  });

  test.each(["full", "bare", "odd"] as const)("are read by Bolt in %s shapes", async (shapes) => {
    const slack = await useSlack({ shapes });
    const heard: string[] = [];
    const app = await httpApp(slack);
    app.event("app_mention", async ({ event }) => void heard.push(event.text));
    slack.workspace.user("U1").says("C1", `<@${slack.workspace.bot()}> hi`);
    await vi.waitFor(() => expect(heard).toHaveLength(1), PATIENCE);
  });

  test.each([
    ["mention-first", ["app_mention", "message"]],
    ["message-first", ["message", "app_mention"]],
    ["message-only", ["message"]],
  ] as const)("of a mention come %s", async (mentions, order) => {
    const slack = await useSlack({ mentions });
    const { ts } = slack.workspace.user("U1").says("C1", `<@${slack.workspace.bot()}> hi`);
    const events = slack.deliveries.all.map(({ payload }) => payload["event"]);
    expect(events).toMatchObject(order.map((type) => ({ type, ts })));
  });

  test("are sent again to whoever asks for a replay", async () => {
    const slack = await useSlack();
    const headers = await bareEndpoint(slack, () => 200);
    slack.workspace.user("U1").says("C1", "hello");
    await slack.settled();
    await slack.replay();
    expect(headers).toHaveLength(2);
  });
});

describe("Socket Mode", () => {
  test("sends what was not acknowledged again when the app is back", async () => {
    const slack = await useSlack();
    const first = await bareSocket(slack);
    slack.workspace.user("U1").says("C1", "anybody there?");
    await vi.waitFor(() => expect(first.frames).toHaveLength(1), PATIENCE);
    slack.sockets.drop();
    const second = await bareSocket(slack);
    await vi.waitFor(() => expect(second.frames).toHaveLength(1), PATIENCE);
    expect(second.frames[0]?.["payload"]).toEqual(first.frames[0]?.["payload"]);
    second.ack(second.frames[0]?.["envelope_id"]);
    await slack.settled();
    expect(slack.deliveries.all[0]?.attempts.at(-1)?.receipt).toMatchObject({ isAcked: true });
  });

  test("sends each event to one of several connections", async () => {
    const slack = await useSlack();
    const sockets = [await bareSocket(slack), await bareSocket(slack)];
    for (const text of ["one", "two"]) slack.workspace.user("U1").says("C1", text);
    await vi.waitFor(
      () => expect(sockets.map(({ frames }) => frames.length)).toEqual([1, 1]),
      PATIENCE,
    );
  });

  test("warns before a connection ends", async () => {
    const slack = await useSlack();
    await socketApp(slack);
    slack.sockets.refresh();
    await vi.waitFor(() => expect(slack.sockets.connections()).toBe(0), PATIENCE);
  });

  test("takes no connection without a ticket, nor an ack of what it never sent", async () => {
    const slack = await useSlack();
    const wrong = new WebSocket(`${slack.url.replace(/^http(.*)api\/$/, "ws$1link/")}?ticket=none`);
    await new Promise((resolve) => wrong.addEventListener("error", resolve));
    const { url = "" } = await webClient(slack, slack.app.appToken).apps.connections.open({});
    const socket = new WebSocket(url);
    socket.addEventListener("open", () => socket.send('{"envelope_id":"made-up"}'));
    await vi.waitFor(() => expect(slack.rejected).toHaveLength(2), PATIENCE);
    socket.close();
  });
});
