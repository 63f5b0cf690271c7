import { describe, expect, it, vi } from "vitest";
import { freePort } from "../../support/free-port.ts";
import { isFields } from "../../servers/slack/state/fields.ts";
import { FOR_MANY, goAndInstall } from "./go-and-install.ts";
import { kindOf, parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

const NO_TOKEN = { SLACK_APP_TOKEN: undefined };
const TOKEN = { SLACK_APP_TOKEN: "xapp-1-A0PARLEY-99" };

/** Two workspaces with the app that share a channel, and whose authorization its events carry. */
async function sharedChannel(env: Readonly<Record<string, string | undefined>> = TOKEN) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const world = await parleyInSlack({
    mode: "http",
    port,
    times: 5,
    // A busy machine is no reason to send an event again.
    ackMs: 60_000,
    isInstalled: false,
    env: { ...FOR_MANY, SLACK_PUBLIC_URL: url, SLACK_EXTERNAL: "answer", ...env },
  });
  const joined = await world.join();
  const { slack, workspace: one } = world;
  const two = slack.addWorkspace("T2", { isInstalled: false });
  for (const room of [one, two]) await goAndInstall(url, room.id);
  // Users of both sides are known by their ids.
  two.addUser("U7", { displayName: "Eve" });
  one.addChannel("C7", { isShared: true, members: ["U1", "U2", one.bot(), two.bot()] });
  const channel = one.state.channels.get("C7");
  if (channel) two.state.channels.set("C7", channel);
  const { rooms } = { rooms: { T1: one, T2: two } };
  /** Somebody of T1 writes; the one event names the authorization of `via`. */
  const says = (
    text: string,
    { via, thread, type = "message" }: { via: "T1" | "T2"; thread?: string; type?: string },
  ) => {
    const message = one.user("U1").says("C7", text, { missed: true, ...(thread && { thread }) });
    const { ts } = message;
    const event = { type, channel: "C7", user: "U1", text, ts, event_ts: ts, team: "T1" };
    const where = { channel_type: "channel", user_team: "T1", source_team: "T1" };
    slack.emit(rooms[via], { ...event, ...where, ...(thread && { thread_ts: thread }) });
    return message;
  };
  /** Who has answered in a thread: the bots, in order. */
  const answeredBy = (thread: string) =>
    [...(channel?.messages.values() ?? [])]
      .filter((message) => message.threadTs === thread && kindOf(message) === "final")
      .map(({ user }) => user);
  return { ...world, ...joined, one, two, says, answeredBy };
}

type Shared = Awaited<ReturnType<typeof sharedChannel>>;

async function oneAnswer({ slack, answeredBy }: Shared, thread: string, bots: readonly string[]) {
  await vi.waitFor(() => expect(answeredBy(thread)).toHaveLength(bots.length), PATIENCE);
  await slack.settled();
  expect(answeredBy(thread)).toEqual(bots);
}

describe.each([
  ["with the app-level token", TOKEN],
  ["without one", NO_TOKEN],
])("in a channel that two workspaces with the app share, %s,", (_, env) => {
  it.each(["T1", "T2"] as const)(
    "whose bot is named answers, though the event carries the authorization of %s",
    async (via) => {
      const shared = await sharedChannel(env);
      const { says, one, two, store } = shared;
      const toTwo = says(`<@${two.bot()}> What is 2 + 2?`, { via });
      await oneAnswer(shared, toTwo.ts, [two.bot()]);
      const toOne = says(`<@${one.bot()}> What is 3 + 3?`, { via });
      await oneAnswer(shared, toOne.ts, [one.bot()]);
      const spaces = await store.db.q("SELECT space FROM usage ORDER BY at", []);
      expect([...new Set(spaces.map(({ space }) => space))]).toEqual(["T2", "T1"]);
    },
  );

  it("the mention and the message count as one, whichever authorization each has", async () => {
    const shared = await sharedChannel(env);
    const { says, two, slack } = shared;
    const question = says(`<@${two.bot()}> What is 2 + 2?`, { via: "T1" });
    const [delivery] = slack.deliveries.all.slice(-1);
    const event = delivery?.payload["event"];
    slack.emit(two, { ...(isFields(event) && event), type: "app_mention" });
    await oneAnswer(shared, question.ts, [two.bot()]);
  });

  it("the installation that has the thread answers messages without a mention", async () => {
    const shared = await sharedChannel(env);
    const { says, two } = shared;
    const question = says(`<@${two.bot()}> What is 2 + 2?`, { via: "T1" });
    await oneAnswer(shared, question.ts, [two.bot()]);
    says("And 3 + 3?", { via: "T1", thread: question.ts });
    await oneAnswer(shared, question.ts, [two.bot(), two.bot()]);
  });
});

it("only the first mentioned bot answers", async () => {
  const shared = await sharedChannel();
  const { says, one, two } = shared;
  const question = says(`<@${two.bot()}> and <@${one.bot()}>: what is 2 + 2?`, { via: "T1" });
  await oneAnswer(shared, question.ts, [two.bot()]);
});

it("a mentioned bot that is not in the channel does not answer", async () => {
  const shared = await sharedChannel(NO_TOKEN);
  const { says, one, two, slack, answeredBy, store } = shared;
  two.state.channels.delete("C7");
  const question = says(`<@${two.bot()}> What is 2 + 2?`, { via: "T1" });
  await slack.settled();
  expect(answeredBy(question.ts)).toEqual([]);
  expect(await store.db.q("SELECT * FROM usage", [])).toEqual([]);
  await oneAnswer(shared, says(`<@${one.bot()}> What is 3 + 3?`, { via: "T1" }).ts, [one.bot()]);
});

it("a token without the scope is reported once, and the workspaces are asked instead", async () => {
  const shared = await sharedChannel();
  const { says, two, slack, problems } = shared;
  const method = "apps.event.authorizations.list";
  slack.faults.always(method, { kind: "error", error: "missing_scope" });
  for (const sum of ["2 + 2", "3 + 3"]) {
    const question = says(`<@${two.bot()}> What is ${sum}?`, { via: "T1" });
    await oneAnswer(shared, question.ts, [two.bot()]);
  }
  expect(problems.filter((text) => text.includes("authorizations:read"))).toHaveLength(1);
});
