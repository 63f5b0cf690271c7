import { describe, expect, it, vi } from "vitest";
import { conversationOf } from "../../../adapters/slack/place.ts";
import type { Store } from "../../../src/store/store.ts";
import { kindOf, parleyInSlack, type World } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

/** A Slack with Parley in it, and a question whose turn has ended. */
async function answeredQuestion(world: World = {}) {
  const slack = await parleyInSlack({ times: 1, ...world });
  const { parley, store } = await slack.join();
  const question = slack.ada.says("C1", `${slack.at} What is 2 + 2?`);
  const [answer] = await slack.answered(question);
  if (!answer) throw new Error("There is no answer.");
  return { ...slack, parley, store, question, answer };
}

/** The same while its turn runs: until then it has a status message. */
async function runningQuestion(world: World = {}) {
  const slack = await parleyInSlack({ pace: 1, ...world });
  const { parley, store } = await slack.join();
  const question = slack.ada.says("C1", `${slack.at} What is 2 + 2?`);
  const status = () => {
    const thread = slack.workspace.thread(question.channel, question.ts);
    const found = thread.find((message) => kindOf(message) === "status");
    if (!found) throw new Error(`There is no status: ${slack.problems.join()}`);
    return found;
  };
  await vi.waitFor(status, PATIENCE);
  return { ...slack, parley, store, question, status };
}

describe("under an answer", () => {
  it("Why opens the answers, votes, reasons and tokens behind it", async () => {
    const { ada, answer, slack } = await answeredQuestion();
    await ada.clicks(answer, "Why");
    await vi.waitFor(() => expect(ada.modal()?.title).toBe("Why this answer"), PATIENCE);
    const { text = "" } = ada.modal() ?? {};
    expect(text).toContain("answer was posted");
    expect(text).toMatch(/Ada's answer/);
    expect(text).toMatch(/Ben's answer/);
    expect(slack.rejected).toEqual([]);
  });

  it("Show as table, in Why, shows the votes to that person alone, as a table that sorts", async () => {
    const { ada, answer, workspace, question, slack } = await answeredQuestion();
    await ada.clicks(answer, "Why");
    await vi.waitFor(() => expect(ada.modal()?.title).toBe("Why this answer"), PATIENCE);
    await ada.clicksInModal("Show as table");
    await vi.waitFor(() => {
      const told = workspace.thread(question.channel, question.ts, "U1").at(-1);
      expect(told?.isEphemeral).toBe(true);
      expect(told?.text).toMatch(/^Answer by \| Preferred by \| Score \| (?:Ada|Ben)/);
      expect(told?.text).toMatch(/\(posted\)/);
    }, PATIENCE);
    const [{ args } = { args: {} }] = slack.calls("chat.postEphemeral").slice(-1);
    expect(JSON.stringify(args)).toContain('"type":"data_table"');
    expect(slack.rejected).toEqual([]);
  });

  it("Retry… answers the question again, also with another team", async () => {
    const { ada, answer, answered, question, slack } = await answeredQuestion();
    await ada.clicks(answer, "Retry…");
    await vi.waitFor(() => expect(ada.modal()?.title).toBe("Answer again"), PATIENCE);
    ada.fills("team", "default");
    await ada.submits();
    expect(ada.modal()).toBeUndefined();
    await answered(question, 2);
    expect(slack.rejected).toEqual([]);
  });

  it("👍 and 👎 are stored, a person's latest counts, and the person reads so", async () => {
    const { ada, answer, store, question, workspace, slack } = await answeredQuestion();
    await ada.clicks(answer, "👍");
    await ada.clicks(answer, "👎");
    const [turn] = await turnsOf(store, question);
    expect(turn && (await store.feedback.list(turn.id))).toMatchObject([
      { person: "slack:U1", verdict: "down" },
    ]);
    await vi.waitFor(() => {
      const told = workspace.thread(question.channel, question.ts, "U1").at(-1);
      expect(told).toMatchObject({ isEphemeral: true, text: "**Noted: 👍**" });
    }, PATIENCE);
    await vi.waitFor(() => expect(ada.modal()?.text).toContain("Changed: 👍 → 👎"), PATIENCE);
    expect(slack.rejected).toEqual([]);
  });

  it("👎 asks what was wrong, which may be skipped; what is said is stored, once", async () => {
    const { ada, answer, store, question, slack } = await answeredQuestion();
    const [turn] = await turnsOf(store, question);
    const stored = async () => turn && (await store.feedback.list(turn.id));
    const asked = () =>
      vi.waitFor(() => expect(ada.modal()?.title).toBe("What was wrong?"), PATIENCE);
    await ada.clicks(answer, "👎");
    await asked();
    await ada.submits();
    expect(ada.modal()).toBeUndefined();
    expect(await stored()).toMatchObject([{ verdict: "down", reason: null }]);
    await ada.clicks(answer, "👎");
    await asked();
    ada.fills("reason", "It is 5.");
    await ada.submits();
    expect(await stored()).toMatchObject([{ verdict: "down", reason: "It is 5." }]);
    await ada.clicks(answer, "👍");
    await slack.replay(({ kind }) => kind === "interactive");
    await slack.settled();
    expect(await stored()).toMatchObject([{ verdict: "up", reason: null }]);
    expect(slack.rejected).toEqual([]);
  });

  it("a redelivered click has no effect", async () => {
    const { ada, at, answer, answered, answers, question, slack } = await answeredQuestion();
    await ada.clicks(answer, "Retry…");
    await vi.waitFor(() => expect(ada.modal()).toBeDefined(), PATIENCE);
    await ada.submits();
    await answered(question, 2);
    await slack.replay(({ kind }) => kind === "interactive");
    await slack.settled();
    await answered(ada.says("C1", `${at} And 4 + 4?`));
    expect(answers(question)).toHaveLength(2);
  });
});

describe("on the status of a running turn", () => {
  it("Stop stops it, and the status says who did", async () => {
    const { ada, status, slack, answers, question } = await runningQuestion({ times: 1 });
    await ada.clicks(status(), "Stop");
    await vi.waitFor(() => expect(status().text).toContain("stopped"), PATIENCE);
    expect(status().text).toContain("stopped by ");
    expect(answers(question)).toEqual([]);
    expect(slack.rejected).toEqual([]);
  });

  it("Details shows the answers so far, with buttons to vote", async () => {
    const { ada, status, slack } = await runningQuestion({ pace: 4, times: 4 });
    await vi.waitFor(() => expect(status().text).toMatch(/has (?:answered|voted)/), PATIENCE);
    await ada.clicks(status(), "Details");
    await vi.waitFor(() => expect(ada.modal()?.title).toBe("The answers so far"), PATIENCE);
    await ada.clicksInModal("Prefer this");
    await vi.waitFor(() => expect(ada.modal()?.text).toMatch(/Your vote is for [AB]/), PATIENCE);
    expect(slack.rejected).toEqual([]);
  });

  it("a button adds a queued message to the turn, which then gets no turn of its own", async () => {
    const { ada, status, question, store, slack } = await runningQuestion({ pace: 2, times: 2 });
    const { conversation } = (await turnsOf(store, question))[0] ?? {};
    ada.says("C1", "And in 3D?", { thread: question.ts });
    await vi.waitFor(() => expect(status().text).toContain("“And in 3D?”"), PATIENCE);
    await ada.clicks(status(), "Add to this turn");
    const turns = await store.turns.recent(conversation ?? never(), 5);
    expect(turns.map(({ outcome }) => outcome)).toEqual(["stopped", null]);
    await vi.waitFor(() => expect(status().text).toContain("1 added message"), PATIENCE);
    expect(status().text).not.toContain("Waiting");
    expect(slack.rejected).toEqual([]);
  });

  it("more than three queued messages share one line with a menu, which adds any of them", async () => {
    const { ada, status, question, slack } = await runningQuestion({ pace: 2, times: 8 });
    for (const number of [1, 2, 3, 4]) ada.says("C1", `And ${number}?`, { thread: question.ts });
    await vi.waitFor(() => expect(status().text).toContain("4 messages waiting"), PATIENCE);
    expect(status().buttons.map(({ text }) => text)).not.toContain("Add to this turn");
    const blocks = slack.calls("chat.update").at(-1)?.args["blocks"];
    const [, value = ""] = /"(steer [^"]+)"/.exec(JSON.stringify(blocks)) ?? [];
    await ada.clicks(status(), "parley_waiting", { value });
    await vi.waitFor(() => expect(status().text).toContain("1 added message"), PATIENCE);
    expect(slack.rejected).toEqual([]);
  });

  it("a button restarts with the queued message instead", async () => {
    const { ada, status, question, answered } = await runningQuestion({ pace: 2, times: 4 });
    ada.says("C1", "What is 3 + 3?", { thread: question.ts });
    await vi.waitFor(() => expect(status().text).toContain("Waiting"), PATIENCE);
    await ada.clicks(status(), "Start over with it");
    const [answer] = await answered(question, 1);
    expect(answer?.text).toContain("3 + 3 = 6");
  });
});

const never = (): never => {
  throw new Error("There is none.");
};

const turnsOf = (
  store: Store,
  { channel, ts }: { readonly channel: string; readonly ts: string },
) => store.turns.recent(conversationOf({ team: "T1", channel, thread: ts }), 5);
