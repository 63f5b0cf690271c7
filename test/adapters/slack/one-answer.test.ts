import { describe, expect, it } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { parleyInSlack } from "./parley-in-slack.ts";

const MODES = ["socket", "http"] as const;
const ORDERS = ["mention-first", "message-first"] as const;
const SHAPES = ["full", "bare", "odd"] as const;

describe.each(MODES)("by %s, a question gets one answer", (mode) => {
  it.each(ORDERS)("when it comes as a mention and as a message, %s", async (mentions) => {
    const { join, ada, at, answered, slack, answers } = await parleyInSlack({ mode, mentions });
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    const [answer] = await answered(question);
    expect(answer?.text).toMatch(/2 \+ 2 = 4/);
    await slack.settled();
    expect(answers(question)).toHaveLength(1);
    expect(slack.rejected).toEqual([]);
  });

  it("however often Slack sends it again", async () => {
    const { join, ada, at, answered, slack, answers } = await parleyInSlack({ mode });
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await slack.settled();
    await slack.replay();
    await answered(question);
    await slack.replay();
    await slack.settled();
    expect(answers(question)).toHaveLength(1);
  });

  it("when the store is locked at first: the event is not acknowledged", async () => {
    const { join, ada, at, answered, slack, answers } = await parleyInSlack({ mode });
    const store = await openStore({ dir: ":memory:", pid: 1, now: Date.now });
    let failures = 2;
    await join({
      ...store,
      tx: (work) => (failures-- > 0 ? Promise.reject(new Error("locked")) : store.tx(work)),
    });
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    await slack.settled();
    const refused = slack.deliveries.all.filter(({ attempts }) => !attempts[0]?.receipt?.isAcked);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers(question)).toHaveLength(1);
  });
});

it.each(SHAPES)("takes events of the shape that is %s", async (shapes) => {
  const { join, ada, at, answered, workspace } = await parleyInSlack({ shapes });
  await join();
  await answered(ada.says("C1", `${at} What is 2 + 2?`));
  await answered(ada.says(workspace.dm("U1"), "And 3 + 3?"));
});

describe("who is answered", () => {
  it("people in direct messages: each message has its own thread", async () => {
    const { join, ada, answered, workspace } = await parleyInSlack();
    await join();
    const dm = workspace.dm("U1");
    const [one, two] = [ada.says(dm, "What is 2 + 2?"), ada.says(dm, "What is 3 + 3?")];
    expect((await answered(one))[0]?.text).toMatch(/= 4/);
    expect((await answered(two))[0]?.text).toMatch(/= 6/);
  });

  it("people in group messages with Parley", async () => {
    const { join, ada, answered, workspace } = await parleyInSlack();
    await join();
    workspace.addChannel("G1", { kind: "mpim" });
    await answered(ada.says("G1", "What is 2 + 2?"));
  });

  it("people who reply in Parley's threads, unless they address somebody else", async () => {
    const { join, ada, at, answered, answers, slack, workspace } = await parleyInSlack();
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    ada.says("C1", "<@U2> did you know?", { thread: question.ts });
    workspace.user("U2").says("C1", "And 3 + 3?", { thread: question.ts });
    expect((await answered(question, 2)).at(-1)?.text).toMatch(/= 6/);
    await slack.settled();
    expect(answers(question)).toHaveLength(2);
  });

  it("nobody in other threads or channels", async () => {
    const { join, ada, slack, workspace } = await parleyInSlack();
    const { store } = await join();
    const root = ada.says("C1", "Lunch?");
    ada.says("C1", "Where?", { thread: root.ts });
    ada.says("C1", "the token is `<@UPARLEYT1>`");
    await slack.settled();
    expect(workspace.top("C1").filter(({ author }) => author === "Parley")).toEqual([]);
    expect(await store.turns.lanes()).toEqual([]);
  });
});
