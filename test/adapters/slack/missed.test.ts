import { describe, expect, it } from "vitest";
import { kindOf, parleyInSlack } from "./parley-in-slack.ts";

const env = { SLACK_FRESH_MINUTES: "10" };
const textsOf = (answers: readonly { readonly text: string }[]) => answers.map(({ text }) => text);

// Slack has sent it to another process, which is frozen, or to none.
describe("a message whose event was lost", () => {
  it("is answered before the message whose turn finds it in the thread", async () => {
    const { join, ada, at, answered, workspace } = await parleyInSlack({ env });
    await join();
    const root = ada.says("C1", `${at} What is 2 + 2?`, { missed: true });
    ada.says("C1", `${at} What is 3 + 4?`, { thread: root.ts });
    expect(textsOf(await answered(root, 2))).toEqual([
      expect.stringMatching(/\b4\b/),
      expect.stringMatching(/\b7\b/),
    ]);
    const posted = workspace.thread("C1", root.ts).map(kindOf);
    expect(posted.filter((kind) => kind === "status")).toHaveLength(2);
  });

  it("is answered in its place among follow-ups", async () => {
    const { join, ada, answered, at } = await parleyInSlack({ env });
    await join();
    const root = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(root);
    ada.says("C1", "What is 3 + 4?", { thread: root.ts, missed: true });
    ada.says("C1", "What is 5 + 6?", { thread: root.ts });
    expect(textsOf(await answered(root, 3)).slice(1)).toEqual([
      expect.stringMatching(/\b7\b/),
      expect.stringMatching(/\b11\b/),
    ]);
  });

  it("is answered when a reply to it comes that does not name Parley", async () => {
    const { join, ada, answered, at } = await parleyInSlack({ env });
    await join();
    const root = ada.says("C1", `${at} What is 2 + 2?`, { missed: true });
    ada.says("C1", "And what is 3 + 4?", { thread: root.ts });
    expect(textsOf(await answered(root, 2))).toEqual([
      expect.stringMatching(/\b4\b/),
      expect.stringMatching(/\b7\b/),
    ]);
  });

  it("is ignored if it is too old", async () => {
    const { join, ada, answers, answered, at, slack } = await parleyInSlack({
      env: { SLACK_FRESH_MINUTES: "0" },
    });
    await join();
    const old = ada.says("C1", `${at} What is 2 + 2?`, { missed: true });
    ada.says("C1", `${at} What is 3 + 4?`, { thread: old.ts });
    await answered(old);
    await slack.settled();
    expect(answers(old)).toHaveLength(1);
  });

  it("runs no command late", async () => {
    const { join, ada, answered, at, slack, workspace } = await parleyInSlack({ env });
    await join();
    const root = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(root);
    ada.says("C1", "!version", { thread: root.ts, missed: true });
    ada.says("C1", "What is 3 + 4?", { thread: root.ts });
    await answered(root, 2);
    await slack.settled();
    expect(workspace.thread("C1", root.ts).map(kindOf)).not.toContain("note");
  });

  it("is not answered again after the data was lost", async () => {
    const { join, ada, answers, answered, at, slack } = await parleyInSlack({ env });
    const first = await join();
    const root = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(root);
    await first.leave();
    await join();
    ada.says("C1", "What is 3 + 4?", { thread: root.ts });
    await answered(root, 2);
    await slack.settled();
    expect(answers(root)).toHaveLength(2);
  });
});
