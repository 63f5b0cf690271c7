import { expect, it, vi } from "vitest";
import { PATIENCE } from "../../support/patience.ts";
import { parleyInSlack, type World } from "./parley-in-slack.ts";

/** A direct message to a team of one. */
async function askedAlone(world: World = {}) {
  const here = await parleyInSlack({ isSolo: true, pace: 2, times: 2, ...world });
  const { workspace, ada, slack } = here;
  const dm = workspace.dm("U1");
  const asks = (text: string) => ada.says(dm, text);
  const parleys = (question: { readonly ts: string }) =>
    workspace.thread(dm, question.ts).filter(({ ts }) => ts !== question.ts);
  return { ...here, asks, parleys, dm, calls: (method: string) => slack.calls(method) };
}

it("in a direct message, the answer of one agent grows in one message, which ends with footer and buttons", async () => {
  const { join, asks, parleys, answered, calls, slack, problems } = await askedAlone({
    pace: 8,
  });
  await join();
  const question = asks("What is 2 + 2? Explain it step by step.");
  const [answer] = await answered(question);
  expect(calls("chat.startStream")).toHaveLength(1);
  const grown = calls("chat.appendStream").map(({ args }) => String(args["markdown_text"]));
  expect(grown.length).toBeGreaterThan(0);
  expect(answer?.text.startsWith(grown.join(""))).toBe(true);
  expect(calls("chat.stopStream")).toHaveLength(1);
  expect(calls("chat.postMessage")).toEqual([]);
  await vi.waitFor(() => expect(parleys(question)).toHaveLength(1), PATIENCE);
  expect(answer?.text).toContain("4");
  expect(answer?.text).toContain("Ada's answer");
  expect(answer?.buttons.map(({ text }) => text)).toEqual(["Why", "Retry…", "👍", "👎"]);
  await slack.settled();
  // The status became the answer: nothing edits or deletes it.
  expect([calls("chat.update"), calls("chat.delete")]).toEqual([[], []]);
  expect([slack.rejected, problems]).toEqual([[], []]);
});

it("in a channel, where others would see the beginning alone, nothing is streamed and no status stays", async () => {
  const { join, ada, at, workspace, answered, calls } = await askedAlone();
  await join();
  const question = ada.says("C1", `${at} What is 2 + 2?`);
  await answered(question);
  expect(calls("chat.startStream")).toEqual([]);
  await vi.waitFor(() => expect(workspace.thread("C1", question.ts)).toHaveLength(2), PATIENCE);
});

it.each(["unknown_method", "channel_type_not_supported"])(
  "where Slack refuses streams (%s), a message is edited, and the answer follows it",
  async (error) => {
    const { join, asks, answered, parleys, slack, calls } = await askedAlone();
    slack.faults.always("chat.startStream", { kind: "error", error });
    await join();
    const first = asks("What is 2 + 2?");
    const [answer] = await answered(first);
    expect(answer?.buttons.map(({ text }) => text)).toContain("Why");
    await vi.waitFor(() => expect(parleys(first)).toHaveLength(1), PATIENCE);
    await answered(asks("What is 3 + 3?"));
    expect(calls("chat.startStream")).toHaveLength(1);
  },
);

it.each(["message_not_in_streaming_state", "internal_error"])(
  "a stream that breaks (%s) is no loss: the answer arrives whole and once",
  async (error) => {
    const { join, asks, answered, parleys, slack } = await askedAlone();
    slack.faults.always("chat.appendStream", { kind: "error", error });
    slack.faults.next("chat.stopStream", { kind: "error", error });
    await join();
    const question = asks("What is 2 + 2? Explain it step by step.");
    const [answer] = await answered(question);
    expect(answer?.text).toContain("4");
    await vi.waitFor(() => expect(parleys(question)).toHaveLength(1), PATIENCE);
  },
);

it("a lost reply to the end of a stream posts nothing twice", async () => {
  const { join, asks, answered, parleys, slack } = await askedAlone();
  slack.faults.next("chat.stopStream", { kind: "lost-answer" });
  await join();
  const question = asks("What is 2 + 2?");
  const [answer] = await answered(question);
  await slack.settled();
  await vi.waitFor(() => expect(parleys(question)).toHaveLength(1), PATIENCE);
  expect(answer?.buttons.map(({ text }) => text)).toContain("Why");
});

it("Stop leaves what was streamed as a status that says so", async () => {
  const { join, asks, ada, parleys, dm } = await askedAlone({ pace: 20, times: 1 });
  await join();
  const question = asks("What is 2 + 2? Explain it step by step.");
  await vi.waitFor(() => expect(parleys(question)).toHaveLength(1), PATIENCE);
  ada.says(dm, "!stop", { thread: question.ts });
  await vi.waitFor(() => expect(parleys(question)[0]?.text).toContain("stopped by"), PATIENCE);
});

it("a process that dies in mid-stream leaves a message that the next one finishes", async () => {
  const { join, asks, answered, parleys, dm, calls } = await askedAlone({ pace: 6, times: 2 });
  const { leave, store } = await join();
  const question = asks("What is 2 + 2? Explain it step by step.");
  await vi.waitFor(() => expect(calls("chat.startStream")).toHaveLength(1), PATIENCE);
  await leave();
  await join(store);
  const [answer] = await answered(question);
  expect(answer?.text).toContain("4");
  expect(answer?.channel).toBe(dm);
  await vi.waitFor(() => expect(parleys(question)).toHaveLength(1), PATIENCE);
});
