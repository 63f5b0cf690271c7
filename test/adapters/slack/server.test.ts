import type { App } from "@slack/bolt";
import { describe, expect, test, vi } from "vitest";
import { createFakeClock } from "../../support/fake-clock.ts";
import type { Slack } from "../../servers/slack/slack.ts";
import { useSlack } from "../../servers/slack/use-slack.ts";
import {
  askModal,
  bareEndpoint,
  httpApp,
  refusal,
  socketApp,
  webClient,
  whyButton,
} from "./bolt-app.ts";
import { PATIENCE } from "../../support/patience.ts";

const mention = (slack: Slack) => `<@${slack.workspace.bot()}> what is love?`;
const texts = (slack: Slack, ts: string) =>
  slack.workspace.thread("C1", ts).map(({ author, text }) => `${author}: ${text}`);

/** Keeps "type:ts" of whatever arrives, and answers mentions in their thread. */
function listen(app: App): string[] {
  const heard: string[] = [];
  app.event("message", async ({ event }) => {
    heard.push(event.subtype ?? "message");
  });
  app.event("app_mention", async ({ event, say }) => {
    heard.push("app_mention");
    await say({ text: "Baby don't hurt me", thread_ts: event.thread_ts ?? event.ts });
  });
  return heard;
}

describe.each([
  ["Socket Mode", socketApp],
  ["HTTP", httpApp],
])("a Bolt app through %s", (_, start) => {
  test("answers a mention in its thread, and sees its own answer arrive", async () => {
    const slack = await useSlack();
    const heard = listen(await start(slack));
    const asked = slack.workspace.user("U1").says("C1", mention(slack));
    await vi.waitFor(() => expect(texts(slack, asked.ts)).toHaveLength(2), PATIENCE);
    expect(texts(slack, asked.ts)).toEqual([
      "Ada: @Parley what is love?",
      "Parley: Baby don't hurt me",
    ]);
    await slack.settled();
    expect(heard.toSorted()).toEqual(["app_mention", "message", "message"]);
    expect(slack.rejected).toEqual([]);
  });

  test("hears of edits, deletions and files", async () => {
    const slack = await useSlack();
    const heard = listen(await start(slack));
    const ada = slack.workspace.user("U1");
    const said = ada.says("C1", "first");
    ada.edits(said, "second");
    ada.deletes(said);
    ada.says("C1", "see this", { files: [{ name: "a.txt", bytes: "hello" }] });
    await vi.waitFor(() => expect(heard).toHaveLength(4), PATIENCE);
    expect(heard.toSorted()).toEqual([
      "file_share",
      "message",
      "message_changed",
      "message_deleted",
    ]);
  });

  test("acknowledges a command, a button and a modal", async () => {
    const slack = await useSlack();
    const app = await start(slack);
    app.command("/parley", async ({ ack }) => ack("two teams"));
    app.action("why", async ({ ack, body, client }) => {
      await ack();
      if (!("trigger_id" in body)) return;
      await client.views.open({ trigger_id: body.trigger_id, view: askModal("Why") });
    });
    app.view("ask", async ({ ack, view }) => {
      const value = view.state.values["question"]?.["words"]?.value;
      await ack(value ? undefined : { response_action: "errors", errors: { question: "Empty" } });
    });
    const ada = slack.workspace.user("U1");
    await ada.runs("/parley teams", { channel: "C1" });
    expect(slack.workspace.top("C1", "U1").at(-1)).toMatchObject({
      text: "two teams",
      isEphemeral: true,
    });

    const posted = await webClient(slack).chat.postMessage({
      channel: "C1",
      text: "x",
      blocks: whyButton(),
    });
    await ada.clicks({ channel: "C1", ts: posted.ts ?? "" }, "Why");
    await vi.waitFor(() => expect(ada.modal()?.title).toBe("Why"), PATIENCE);
    await ada.submits();
    expect(ada.modal()?.title).toBe("Why");
    ada.fills("words", "why indeed");
    await ada.submits();
    expect(ada.modal()).toBeUndefined();
    expect(slack.rejected).toEqual([]);
  });
});

test("a message shortcut brings the message and its thread", async () => {
  const slack = await useSlack();
  const app = await httpApp(slack);
  const asked: unknown[] = [];
  app.shortcut("ask_team", async ({ ack, shortcut }) => {
    await ack();
    asked.push(shortcut);
  });
  const ada = slack.workspace.user("U1");
  const { ts } = ada.says("C1", "root");
  await ada.uses("ask_team", ada.says("C1", "what of this?", { thread: ts }));
  expect(asked).toMatchObject([{ type: "message_action", message: { thread_ts: ts } }]);
});

test("the home tab is published to one person", async () => {
  const slack = await useSlack();
  const app = await httpApp(slack);
  app.event("app_home_opened", async ({ client, event }) => {
    const blocks = [{ type: "section" as const, text: { type: "mrkdwn" as const, text: "Teams" } }];
    await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
  });
  slack.workspace.user("U1").opensHome();
  await vi.waitFor(() => expect(slack.workspace.user("U1").home()?.text).toBe("Teams"), PATIENCE);
  expect(slack.workspace.user("U2").home()).toBeUndefined();
});

describe("clicks", () => {
  test("open one modal, within three seconds", async () => {
    const clock = createFakeClock();
    const slack = await useSlack({ clock });
    const triggers: string[] = [];
    const app = await httpApp(slack);
    app.action("why", async ({ ack, body }) => {
      if ("trigger_id" in body) triggers.push(body.trigger_id);
      await ack();
    });
    const client = webClient(slack);
    const { ts = "" } = await client.chat.postMessage({
      channel: "C1",
      text: "x",
      blocks: whyButton(),
    });
    const click = () => slack.workspace.user("U1").clicks({ channel: "C1", ts }, "why");
    const open = (trigger_id = "") => client.views.open({ trigger_id, view: askModal("Why") });
    await click();
    await open(triggers[0]);
    expect(await refusal(open(triggers[0]))).toBe("exchanged_trigger_id");
    await click();
    await clock.advance(3_001);
    expect(await refusal(open(triggers[1]))).toBe("expired_trigger_id");
  });

  test("can be answered five times at their response_url", async () => {
    const slack = await useSlack();
    const app = await httpApp(slack);
    app.command("/parley", async ({ ack, respond }) => {
      await ack();
      for (let n = 1; n <= 5; n++) await respond(`answer ${n}`);
      await respond("answer 6").catch(() => {});
    });
    await slack.workspace.user("U1").runs("/parley", { channel: "C1" });
    await vi.waitFor(() => expect(slack.rejected).toEqual(["response_url: a sixth use"]), PATIENCE);
    expect(slack.workspace.top("C1", "U1")).toHaveLength(5);
    expect(slack.workspace.top("C1", "U2")).toEqual([]);
  });

  test("that nobody acknowledges are counted against the app", async () => {
    const slack = await useSlack();
    await bareEndpoint(slack, () => 404);
    await slack.workspace.user("U1").runs("/parley", { channel: "C1" });
    expect(slack.rejected).toEqual(["/parley was not acknowledged (http_error)"]);
  });
});

test("a modal over its limits is refused with every reason", async () => {
  const slack = await useSlack();
  const view = {
    ...askModal("A title of more than 24 letters"),
    private_metadata: "x".repeat(3_001),
  };
  const call = webClient(slack).views.open({ trigger_id: "any", view });
  await expect(call).rejects.toMatchObject({
    data: { error: "invalid_arguments", errors: { length: 2 } },
  });
});
