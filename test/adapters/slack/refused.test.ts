import { expect, it, vi } from "vitest";
import type { Fields } from "../../servers/slack/state/fields.ts";
import { kindOf, parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

const isFinal = ({ metadata }: Fields) => JSON.stringify(metadata ?? "").includes("final");
const isStatus = ({ metadata }: Fields) => JSON.stringify(metadata ?? "").includes("status");

it.each([
  ["restricted_action"],
  ["message_limit_exceeded"],
  ["cannot_reply_to_message"],
  ["is_archived"],
])(
  "an answer that Slack refuses for good (%s) is never called posted, and admins learn why",
  async (error) => {
    const { slack, join, ada, at, answers, workspace, problems } = await parleyInSlack();
    const { store } = await join();
    slack.faults.always("chat.postMessage", { kind: "error", error }, { onlyIf: isFinal });
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    const statuses = () =>
      workspace.thread("C1", question.ts).filter((message) => kindOf(message) === "status");
    await vi.waitFor(
      () => expect(statuses()[0]?.text).toContain("could not be posted here"),
      PATIENCE,
    );
    await vi.waitFor(async () => expect(await store.turns.lanes()).toEqual([]), PATIENCE);
    expect(answers(question)).toEqual([]);
    expect(statuses()[0]?.text).not.toMatch(/answered · |✅/);
    expect(statuses()[0]?.text).not.toContain(error);
    expect(problems.join()).toContain(error);
  },
);

it("a team that may not post in a channel does not run there", async () => {
  const { slack, join, ada, at, workspace, problems } = await parleyInSlack();
  const { store } = await join();
  slack.faults.always(
    "chat.postMessage",
    { kind: "error", error: "missing_scope" },
    {
      onlyIf: isStatus,
    },
  );
  const question = ada.says("C1", `${at} What is 2 + 2?`);
  await vi.waitFor(() => expect(problems.join()).toContain("missing_scope"), PATIENCE);
  await vi.waitFor(async () => expect(await store.turns.lanes()).toEqual([]), PATIENCE);
  expect(workspace.thread("C1", question.ts)).toHaveLength(1);
  expect(await store.usage.sumBy("person", {})).toEqual([]);
});

it("an edit right after the answer starts no second turn", async () => {
  const { slack, join, ada, at, answered, workspace } = await parleyInSlack();
  const { store } = await join();
  const question = ada.says("C1", `${at} What is 2 + 2?`);
  await answered(question);
  ada.edits(question, `${at} What is 5 + 5?`);
  await vi.waitFor(async () => expect(await store.turns.lanes()).toEqual([]), PATIENCE);
  await slack.settled();
  const kinds = workspace.thread("C1", question.ts).map(kindOf);
  expect(kinds.filter((kind) => kind === "final")).toHaveLength(1);
});

it("a mention without a question is asked back once, and nobody runs", async () => {
  const { slack, join, ada, at, workspace } = await parleyInSlack();
  const { store } = await join();
  const mention = ada.says("C1", at);
  const texts = () => workspace.thread("C1", mention.ts).map(({ text }) => text);
  await vi.waitFor(() => expect(texts()[1]).toContain("What would you like to know?"), PATIENCE);
  await slack.settled();
  expect(texts()).toHaveLength(2);
  expect(await store.usage.sumBy("person", {})).toEqual([]);
});
