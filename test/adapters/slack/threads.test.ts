import { describe, expect, it, vi } from "vitest";
import { kindOf, parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

/** Statuses of the thread's turns as people see them, oldest first. */
const statuses = (
  world: Awaited<ReturnType<typeof parleyInSlack>>,
  spot: { channel: string; ts: string },
) =>
  world.workspace.thread(spot.channel, spot.ts).filter((message) => kindOf(message) === "status");

describe("a question that changes while it is answered", () => {
  it("is answered as it reads at the end", async () => {
    const world = await parleyInSlack({ pace: 1 });
    const { join, ada, at, answered } = world;
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await vi.waitFor(() => expect(statuses(world, question)).toHaveLength(1), PATIENCE);
    ada.edits(question, `${at} What is 5 + 5?`);
    const [answer] = await answered(question);
    expect(answer?.text).toMatch(/= 10/);
    expect(statuses(world, question)[0]?.text).toMatch(/replaced by the edited question/);
  });

  it("leads, once it is answered, to one private hint at retry", async () => {
    const world = await parleyInSlack({ env: { SLACK_FRESH_MINUTES: "60" } });
    const { join, ada, at, answered, slack } = world;
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    ada.edits(question, `${at} What is 4 + 4?`);
    ada.edits(question, `${at} What is 5 + 5?`);
    const hints = () => slack.calls("chat.postEphemeral").map(({ args }) => args);
    await vi.waitFor(() => expect(hints()).toHaveLength(1), PATIENCE);
    await slack.settled();
    expect(hints()).toMatchObject([{ channel: "C1", user: "U1", thread_ts: question.ts }]);
    expect(JSON.stringify(hints())).toContain("`@Parley !retry` answers the edited one.");
  });

  it("is not answered when it is deleted", async () => {
    const world = await parleyInSlack({ pace: 1 });
    const { join, ada, at, answers, slack } = world;
    const { store } = await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await vi.waitFor(() => expect(statuses(world, question)).toHaveLength(1), PATIENCE);
    ada.deletes(question);
    await vi.waitFor(async () => expect(await store.turns.lanes()).toEqual([]), PATIENCE);
    await slack.settled();
    expect(answers(question)).toEqual([]);
  });

  it("is not asked again because of a link preview", async () => {
    const world = await parleyInSlack({ pace: 1 });
    const { join, ada, at, answered, workspace } = world;
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2? https://e.x`);
    await vi.waitFor(() => expect(statuses(world, question)).toHaveLength(1), PATIENCE);
    workspace.unfurl(question);
    await answered(question);
    expect(statuses(world, question)).toHaveLength(1);
  });
});

describe("a thread's history", () => {
  it("continues from what Slack shows alone", async () => {
    const { join, ada, at, answered } = await parleyInSlack();
    const first = await join();
    const question = ada.says("C1", `${at} My cat is called Tom.`);
    await answered(question);
    await first.leave();
    await join();
    ada.says("C1", `${at} What is my cat called?`, { thread: question.ts });
    expect((await answered(question, 2)).at(-1)?.text).toMatch(/Tom/);
  });

  it("is complete in a process that got the thread's first message as a redelivery", async () => {
    const { join, ada, at, answered, slack } = await parleyInSlack({ times: 1 });
    const first = await join();
    const question = ada.says("C1", `${at} My cat is called Tom.`);
    await answered(question);
    ada.says("C1", `${at} My dog is called Rex.`, { thread: question.ts });
    await answered(question, 2);
    await first.leave();
    await join(first.store);
    const [delivery] = slack.deliveries.all;
    await slack.replay((one) => one === delivery);
    ada.says("C1", `${at} What is my dog called?`, { thread: question.ts });
    expect((await answered(question, 3)).at(-1)?.text).toMatch(/Rex/);
  });

  it("is complete for threads that Parley followed from the start, also under strict rate limits", async () => {
    const { join, ada, at, answered } = await parleyInSlack({ history: "few" });
    await join();
    const question = ada.says("C1", `${at} My cat is called Tom.`);
    await answered(question);
    for (const [n, text] of ["What is 2 + 2?", "What is my cat called?"].entries()) {
      ada.says("C1", `${at} ${text}`, { thread: question.ts });
      const answer = (await answered(question, n + 2)).at(-1);
      expect(answer?.text).not.toMatch(/history|left out/i);
    }
  });
});

describe("rate limits and delays", () => {
  it("on history delay neither status nor answer", async () => {
    const { join, ada, at, answered, slack, clock } = await parleyInSlack();
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    slack.faults.always("conversations.replies", { kind: "limited", retryAfter: 60 });
    const from = clock.now();
    ada.says("C1", `${at} What is 3 + 3?`, { thread: question.ts });
    await answered(question, 2);
    expect(clock.now() - from).toBeLessThan(30_000);
  });

  it("do not delay the status, however long Slack takes to show the thread", async () => {
    const { join, ada, at, answers, slack, workspace } = await parleyInSlack({ times: 1 });
    await join();
    const root = ada.says("C1", "Sums:", { missed: true });
    slack.faults.always("conversations.replies", { kind: "slow", ms: 2_000 });
    ada.says("C1", `${at} What is 2 + 2?`, { thread: root.ts });
    await vi.waitFor(
      () => expect(workspace.thread("C1", root.ts).map(kindOf)).toContain("status"),
      PATIENCE,
    );
    expect(answers(root)).toEqual([]);
  });

  it("on edits delay no answer, and the last status edit follows when there is room", async () => {
    const { join, ada, at, answered, slack, workspace } = await parleyInSlack();
    await join();
    slack.faults.next("chat.update", { kind: "limited", retryAfter: 20 }, { times: 2 });
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    await vi.waitFor(() => {
      const status = workspace.thread("C1", question.ts).find((one) => kindOf(one) === "status");
      expect(status?.text).toMatch(/answered/);
    }, PATIENCE);
  });
});

describe("an answer whose delivery is unknown", () => {
  const FINALS = {
    onlyIf: ({ metadata }: Record<string, unknown>) => /"final"/.test(JSON.stringify(metadata)),
  };

  it.each([
    ["arrived, and its receipt was lost", { kind: "lost-answer" } as const],
    ["arrived with an error of Slack", { kind: "status", status: 500, isDone: true } as const],
    ["did not arrive", { kind: "lost-call" } as const],
    ["was refused for now", { kind: "limited", retryAfter: 2 } as const],
  ])("stands there once when it %s", async (_, fault) => {
    const { join, ada, at, answered, answers, slack } = await parleyInSlack();
    await join();
    slack.faults.next("chat.postMessage", fault, FINALS);
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    await slack.settled();
    expect(answers(question)).toHaveLength(1);
  });
});

describe("Slack's typing status", () => {
  it.each(["agent_view", "assistant_view"] as const)(
    "is there while a turn runs, by %s",
    async (agent) => {
      const world = await parleyInSlack({ pace: 1, agent });
      const { join, ada, at, answered, workspace } = world;
      await join();
      const question = ada.says("C1", `${at} What is 2 + 2?`);
      const sign = () => workspace.native("C1", question.ts)?.status ?? "";
      await vi.waitFor(() => expect(sign()).toMatch(/processing|asking the team/), PATIENCE);
      await answered(question);
      await vi.waitFor(() => expect(sign()).toMatch(/^(active)?$/), PATIENCE);
    },
  );

  it("is cleared when somebody presses Slack's Stop", async () => {
    const world = await parleyInSlack({ pace: 1 });
    const { join, ada, at, answers, workspace } = world;
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await vi.waitFor(
      () => expect(workspace.native("C1", question.ts)?.status).toBe("processing"),
      PATIENCE,
    );
    ada.pressesStop({ channel: "C1", thread: question.ts });
    await vi.waitFor(
      () => expect(workspace.native("C1", question.ts)?.status ?? "active").toBe("active"),
      PATIENCE,
    );
    await vi.waitFor(
      () => expect(statuses(world, question)[0]?.text).toMatch(/stopped by Ada/),
      PATIENCE,
    );
    expect(answers(question)).toEqual([]);
  });
});

describe("reactions", () => {
  it("stop a turn, and retry an answer", async () => {
    const world = await parleyInSlack({ pace: 1 });
    const { join, ada, at, answered, answers } = world;
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    const [status] = await vi.waitFor(() => {
      expect(statuses(world, question)).toHaveLength(1);
      return statuses(world, question);
    }, PATIENCE);
    ada.reacts({ channel: "C1", ts: status?.ts ?? "" }, "octagonal_sign");
    await vi.waitFor(
      () => expect(statuses(world, question)[0]?.text).toMatch(/stopped by Ada/),
      PATIENCE,
    );
    expect(answers(question)).toEqual([]);
    ada.says("C1", `${at} What is 3 + 3?`, { thread: question.ts });
    const [answer] = await answered(question);
    ada.reacts({ channel: "C1", ts: answer?.ts ?? "" }, "repeat");
    expect((await answered(question, 2)).at(-1)?.text).toMatch(/= 6/);
  });
});

describe("messages that a person writes in a row", () => {
  it("are one question in a thread, with one status and one answer", async () => {
    const world = await parleyInSlack({ settle: 30, times: 10 });
    const { join, ada, at, answered, answers, slack } = world;
    const { store } = await join();
    const question = ada.says("C1", `${at} My cat is called Tom.`);
    ada.says("C1", "My dog is called Rex.", { thread: question.ts });
    ada.says("C1", "What is my dog called?", { thread: question.ts });
    const [answer] = await answered(question);
    expect(answer?.text).toMatch(/Rex/);
    await vi.waitFor(async () => expect(await store.turns.lanes()).toEqual([]), PATIENCE);
    await slack.settled();
    expect(answers(question)).toHaveLength(1);
    expect(statuses(world, question)).toHaveLength(1);
  });
});
