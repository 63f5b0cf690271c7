import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../../servers/slack/listen.ts";
import { z } from "zod";
import { frame } from "../../servers/model-wire.ts";
import { openRoom } from "../../support/parley-room.ts";

/** One reply: its text in pieces, or the chunks as they are, and its finish reason. */
interface Answer {
  readonly text?: string;
  readonly chunks?: readonly object[];
  readonly finish?: string;
}

const Body = z.object({ model: z.string(), messages: z.unknown() });

/** A Chat Completions server on 127.0.0.1; `reply` knows the model, the whole prompt, and how often that model was asked. */
async function serve(reply: (model: string, prompt: string, count: number) => Answer) {
  const counts = new Map<string, number>();
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const raw = Buffer.concat(await Array.fromAsync<Buffer>(request)).toString();
    const { model, messages } = Body.parse(JSON.parse(raw));
    const count = counts.get(model) ?? 0;
    counts.set(model, count + 1);
    const { text = "", chunks, finish = "stop" } = reply(model, JSON.stringify(messages), count);
    const pieces = chunks ?? (text.match(/[^]{1,5}/g) ?? []).map((content) => ({ content }));
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const delta of pieces) response.write(frame({ choices: [{ index: 0, delta }] }));
    response.write(frame({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }));
    response.end("data: [DONE]\n\n");
  };
  const server = createServer((request, response) => void respond(request, response));
  const listening = await listen(server);
  onTestFinished(() => listening.close());
  return `${listening.url}/v1`;
}

const teamAt = (url: string, ids: readonly string[], settings = "") =>
  [
    "agents:",
    ...ids.map(
      (id) => `  - { id: ${id}, backend: { type: compatible, model: ${id}, base_url: "${url}" } }`,
    ),
    settings,
  ].join("\n");

const isReview = (prompt: string) => prompt.includes("Review now.");

test("a team whose models leak thoughts, markup and votes into their text posts a clean answer", async () => {
  const url = await serve((model, prompt) => {
    if (isReview(prompt)) {
      return {
        text:
          model === "ann"
            ? 'secret</think>```json\n{"scores": {"A": 90, "B": 70, "C": 50}}\n```'
            : `<tool_call>{"name": "functions.vote", "arguments": {"scores": "{\\"A\\": 9, \\"B\\": \\"8,5\\", \\"C\\": 4}"}}</tool_call>`,
      };
    }
    return {
      text: `<think>secret of ${model}</think>\n\nParley: It is 42, says ${model}.<|im_end|>`,
    };
  });
  const room = await openRoom(teamAt(url, ["ann", "berta", "carl"]), { isReal: true });
  await room.say("What is 6 × 7?");
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.posted("final")[0]).toMatch(/^It is 42, says \w+\.$/);
  expect(room.of("vote_cast")).toHaveLength(3);
  expect(
    room
      .of("answer_given")
      .map(({ text }) => text)
      .join(),
  ).not.toMatch(/secret|Parley|<\|/);
});

test("a cut answer is said in the footer and told to reviewers", async () => {
  const prompts: string[] = [];
  const url = await serve((model, prompt) => {
    if (isReview(prompt)) {
      prompts.push(prompt);
      return { text: '{"scores": {"A": 9, "B": 9}}' };
    }
    return { text: `It is, says ${model}, for`, finish: "length" };
  });
  const room = await openRoom(teamAt(url, ["ann", "berta"]), { isReal: true });
  await room.say("What is 6 × 7?");
  await room.quiet();
  expect(room.notes().join("\n")).toContain("The model's output limit cut this answer off.");
  expect(prompts.join("\n")).toContain('cut=\\"by the output limit\\"');
});

test("a declined answer says by whom, and never what was written", async () => {
  const url = await serve((model) => {
    if (model === "ann") return { text: "First, take the", finish: "content_filter" };
    if (model === "berta") return { chunks: [{ refusal: "I can't help." }] };
    return { text: "It is 42." };
  });
  const room = await openRoom(teamAt(url, ["ann", "berta", "carl"]), { isReal: true });
  await room.say("What is 6 × 7?");
  await room.quiet();
  const notes = room.notes().join("\n");
  expect(notes).toContain(
    "ann could not answer: the provider's content filter stopped its answer.",
  );
  expect(notes).toContain("berta could not answer: the model declined to answer.");
  expect(
    room
      .of("move_failed")
      .map(({ message }) => message)
      .toSorted(),
  ).toEqual(["the model declined", "the provider's content filter stopped it"]);
  expect(notes).not.toMatch(/First, take|can't help/);
});

test("the preview never shows what turns out to be thinking", async () => {
  const seen: string[] = [];
  const url = await serve(() => ({ text: `${"secret ".repeat(400)}</think>It is 42.` }));
  const room = await openRoom(teamAt(url, ["ann"], "mode: solo"), { isReal: true });
  await room.say("What is 6 × 7?");
  await room.until(async () => {
    seen.push(JSON.stringify(room.statuses()));
    expect(room.posted("final")).toEqual(["It is 42."]);
  });
  expect(seen.join("\n")).not.toContain("secret");
});
