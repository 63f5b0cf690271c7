import type { ServerResponse } from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import { createSparseSlack, type SparseOptions } from "../../servers/slack/sparse.ts";
import { parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

const json = (text: string) => (response: ServerResponse) =>
  void response.writeHead(200, { "content-type": "application/json" }).end(text);

/** Parley on such a Slack, and somebody who asks it something twice in one thread. */
async function twoQuestions(options: SparseOptions) {
  const slack = await createSparseSlack(options);
  onTestFinished(() => slack.close());
  const { join } = await parleyInSlack({ mode: "http", env: slack.env });
  const { events } = await join();
  const asks = async (ts: string, text: string, more = {}) => {
    const said = { channel: "general", user: "ada", ts, text: `<@${slack.bot}> ${text}`, ...more };
    for (const type of ["app_mention", "message"])
      expect(await slack.hears(events, { type, ...said })).toBe(200);
  };
  const answered = (text: RegExp) =>
    vi.waitFor(() => expect(slack.says().some((said) => text.test(said))).toBe(true), PATIENCE);
  await asks("q1", "What is 2 + 2?");
  await answered(/2 \+ 2 = 4/);
  await asks("q2", "What was the last answer?", { thread_ts: "q1" });
  return { slack, answered };
}

const MEMORY = /The last answer in this thread was “2 \+ 2 = 4”/;

it.each<[string, SparseOptions]>([
  ["answers what it does not know with a page", {}],
  ["answers what it does not know with an error", { unknown: json('{"ok":false,"error":"x"}') }],
  ["answers what it does not know with nothing but ok", { unknown: json('{"ok":true}') }],
  ["does not answer what it does not know", { unknown: () => {} }],
  ["tells the id of a post in its message", { posted: (ts) => ({ message: { ts } }) }],
])(
  "a Slack that %s: each question gets one answer, which knows the one before",
  async (_, options) => {
    const { slack, answered } = await twoQuestions(options);
    await answered(MEMORY);
    const posts = slack.calls.filter(({ method }) => method === "chat.postMessage");
    expect(posts).toHaveLength(4);
  },
);

it("a Slack that does not say what it posted: nothing is posted twice", async () => {
  const { slack } = await twoQuestions({ posted: () => ({}) });
  await expect.poll(() => slack.says().length, PATIENCE).toBe(4);
});
