import { describe, expect, it, vi } from "vitest";
import { kindOf, parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

/** A Slack with Parley in it, and what a person was told last in a channel. */
async function joined(world: Parameters<typeof parleyInSlack>[0] = {}) {
  const slack = await parleyInSlack({ times: 5, ...world });
  const { store } = await slack.join();
  const { workspace } = slack;
  const told = (channel: string, user: string, text: RegExp) =>
    workspace.top(channel, user).find((message) => text.test(message.text));
  const hears = (channel: string, user: string, text: RegExp) =>
    vi.waitFor(() => expect(told(channel, user, text)).toBeDefined(), PATIENCE);
  return { ...slack, store, admin: workspace.user("U9"), told, hears };
}

describe("/parley", () => {
  it("answers the person who wrote it, and nobody else", async () => {
    const { ada, hears, told, slack } = await joined();
    await ada.runs("/parley help", { channel: "C1" });
    await hears("C1", "U1", /Commands/);
    expect(told("C1", "U1", /Commands/)?.isEphemeral).toBe(true);
    await ada.runs("/parley stpo", { channel: "C1" });
    await hears("C1", "U1", /There is no command “stpo”/);
    expect(slack.rejected).toEqual([]);
  });

  it("is about its channel, and needs the rights for that", async () => {
    const { ada, admin, hears, told } = await joined();
    await ada.runs("/parley team use default", { channel: "C1" });
    await hears("C1", "U1", /is for operators and admins/);
    await admin.runs("/parley team use default", { channel: "C1" });
    await hears("C1", "U1", /Test now answers in this channel/);
    expect(told("C1", "U1", /Test now answers/)?.isEphemeral).toBe(false);
  });

  it("asks: the question is posted in the channel in the person's name, and answered in its thread", async () => {
    const { ada, workspace, answered, slack, store } = await joined();
    await ada.runs("/parley ask What is 2 + 2, <@U2>?", { channel: "C1" });
    const question = await vi.waitFor(() => {
      const posted = workspace.top("C1").find(({ text }) => text.includes("What is 2 + 2, "));
      return posted ?? Promise.reject(new Error("It is not posted."));
    }, PATIENCE);
    expect(question.text).toMatch(/^\*.+\* asks\n/);
    expect(question.pings).toEqual([]);
    const [answer] = await answered(question);
    expect(answer?.text).toContain("2 + 2 = 4");
    ada.says("C1", "And 3 + 3?", { thread: question.ts });
    await answered(question, 2);
    const [usage] = await store.usage.sumBy("person", {});
    expect(usage?.key).toBe("slack:U1");
    expect(slack.rejected).toEqual([]);
  });

  it("says what to do where Parley is not in the channel", async () => {
    const { ada, workspace, hears } = await joined();
    workspace.addChannel("C7", { members: ["U1"] });
    await ada.runs("/parley ask Why?", { channel: "C7" });
    await hears("C7", "U1", /could not be posted here[^]*\/invite/);
  });

  it("finds the running thread, or says how to use a command in a thread", async () => {
    const { ada, at, hears, answered } = await joined();
    await ada.runs("/parley why", { channel: "C1" });
    await hears("C1", "U1", /That command is about a thread/);
    await answered(ada.says("C1", `${at} What is 2 + 2?`));
    await ada.runs("/parley why", { channel: "C1" });
    await hears("C1", "U1", /Why this answer/);
    await ada.runs("/parley agents list", { channel: "C1" });
    await hears("C1", "U1", /That command is about a thread/);
  });
});

describe("a command in a thread", () => {
  it("follows the mention; a reply for the asker alone is shown to nobody else", async () => {
    const { ada, admin, at, workspace, answered, slack } = await joined();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    admin.says("C1", `${at} !usage --space`, { thread: question.ts });
    const seenBy = (user?: string) => workspace.thread("C1", question.ts, user).at(-1);
    await vi.waitFor(() => expect(seenBy("U9")?.text).toMatch(/Usage in this space/), PATIENCE);
    expect(seenBy("U9")?.isEphemeral).toBe(true);
    expect(seenBy("U1")?.text).not.toMatch(/Usage in this space/);
    expect(slack.rejected).toEqual([]);
  });
});

describe("“Ask the team” on a message", () => {
  it("answers it in its thread, whoever wrote it", async () => {
    const { ada, workspace, answered, slack } = await joined();
    const message = workspace.user("U2").says("C1", "What is 2 + 2?");
    await slack.settled();
    await ada.uses("parley_ask", message);
    const [answer] = await answered(message);
    expect(answer?.text).toContain("2 + 2 = 4");
    expect(
      workspace.thread("C1", message.ts, "U1").some(({ text }) => /Asked the team/.test(text)),
    ).toBe(true);
    expect(slack.rejected).toEqual([]);
  });

  it("says so where Parley cannot answer", async () => {
    const { ada, workspace, hears, slack } = await joined();
    workspace.addChannel("C7", { members: ["U1", "U2"] });
    const message = workspace.user("U2").says("C7", "What is 2 + 2?");
    await ada.uses("parley_ask", message);
    await hears("C7", "U1", /Parley cannot answer there/);
    expect(slack.calls("chat.postMessage")).toEqual([]);
  });
});

describe("the home tab", () => {
  it("shows the teams and who answers where; usage and the switch only to admins", async () => {
    const { ada, admin, slack } = await joined();
    ada.opensHome();
    await vi.waitFor(
      () => expect(ada.home()?.text).toMatch(/\*Test\* \(`default`\): Ada, Ben/),
      PATIENCE,
    );
    expect(ada.home()?.buttons).toEqual([]);
    admin.opensHome();
    await vi.waitFor(() => expect(admin.home()?.text).toContain("Usage in this space"), PATIENCE);
    expect(admin.home()?.buttons.map(({ text }) => text)).toEqual(["Change who answers…"]);
    expect(slack.rejected).toEqual([]);
  });

  it("an admin changes who answers in a channel, and sees it there", async () => {
    const { admin, slack } = await joined();
    admin.opensHome();
    await vi.waitFor(() => expect(admin.home()?.buttons).toHaveLength(1), PATIENCE);
    await admin.clicksInHome("Change who answers…");
    await vi.waitFor(() => expect(admin.modal()?.title).toBe("Who answers where"), PATIENCE);
    admin.fills("channel", "C1");
    admin.fills("team", "default");
    await admin.submits();
    await vi.waitFor(() => expect(admin.home()?.text).toMatch(/#\w+: \*default\*/), PATIENCE);
    expect(admin.modal()).toBeUndefined();
    expect(slack.rejected).toEqual([]);
  });

  it("nobody else can, whatever they send", async () => {
    const { ada, admin, workspace } = await joined();
    admin.opensHome();
    await vi.waitFor(() => expect(admin.home()?.buttons).toHaveLength(1), PATIENCE);
    await admin.clicksInHome("Change who answers…");
    await vi.waitFor(() => expect(admin.modal()).toBeDefined(), PATIENCE);
    workspace.state.modals.set("U1", workspace.state.modals.get("U9") ?? []);
    ada.fills("team", "default");
    expect(await ada.submits()).toMatchObject({
      response_action: "errors",
      errors: { team: expect.stringContaining("is for admins") },
    });
  });
});

describe("how Parley listens", () => {
  it("by default it answers in threads it is part of, and ignores others", async () => {
    const { ada, at, answered, answers, workspace, slack } = await joined();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    workspace.user("U2").says("C1", "And 3 + 3?", { thread: question.ts });
    await answered(question, 2);
    const talk = ada.says("C1", "Lunch?");
    workspace.user("U2").says("C1", "What is 2 + 2?", { thread: talk.ts });
    await slack.settled();
    await answered(ada.says("C1", `${at} And 4 + 4?`));
    expect(answers(talk)).toEqual([]);
  });

  it("answers only mentions in the mode mention, and everything in the mode always", async () => {
    const { ada, admin, at, answered, answers, hears, slack } = await joined();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    await admin.runs("/parley listen mention", { channel: "C1" });
    await hears("C1", "U1", /Listening mode changed for this channel/);
    ada.says("C1", "And 3 + 3?", { thread: question.ts });
    await slack.settled();
    await answered(ada.says("C1", `${at} And 5 + 5?`));
    expect(answers(question)).toHaveLength(1);
    await admin.runs("/parley listen always", { channel: "C1" });
    await hears("C1", "U1", /every message/);
    await answered(ada.says("C1", "What is 4 + 4?"));
  });

  it("a thread stays Parley's after the database was lost, since its own messages are in it", async () => {
    const { join, ada, at, answered } = await parleyInSlack();
    const before = await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    await before.leave();
    await join();
    ada.says("C1", "And 3 + 3?", { thread: question.ts });
    const [, second] = await answered(question, 2);
    expect(second && kindOf(second)).toBe("final");
  });
});
