import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createTerminal } from "../../../adapters/terminal/index.ts";
import type { Terminal } from "../../../adapters/terminal/index.ts";
import { TurnEvent } from "../../../src/coordination/turn-event.ts";
import type { IncomingCommand, IncomingMessage } from "../../../src/platform.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { createScriptedTeam, okReply, playTurn } from "../../support/scripted-team.ts";
import type { ScriptedTeamOptions } from "../../support/scripted-team.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { failedStory, turnStory } from "../../support/turn-story.ts";
import { ADA, NOON } from "./rig.ts";

interface PipeRun {
  readonly out: string;
  readonly err: string;
  readonly code: number;
  readonly asked: readonly IncomingMessage[];
}

interface PipeInput extends Pick<ScriptedTeamOptions, "onMessage"> {
  /** `answerAgain` plays another turn for the last message. */
  readonly reply?: (command: IncomingCommand, answerAgain: () => void) => CommandReply;
  readonly flags?: { readonly once?: boolean; readonly json?: boolean };
  readonly story?: (text: string) => TurnEvent[];
  /** What the turns wait for; nothing if absent. */
  readonly until?: Promise<void>;
}

const answerWith = (text: string) => turnStory({ answer: `An answer to **${text}**.` });

/** Runs the terminal on pipes until it wants to leave. */
async function pipe(
  input: string,
  { flags, story = answerWith, until, reply, ...team }: PipeInput = {},
): Promise<PipeRun> {
  const streams = { input: new PassThrough(), output: new PassThrough(), error: new PassThrough() };
  const left = Promise.withResolvers<number>();
  const scripted = createScriptedTeam({
    onMessage(message) {
      void Promise.resolve(until).then(() => answer(terminal, message, story(message.text)));
    },
    ...(reply && { reply: (command) => reply(command, answerAgain) }),
    ...team,
  });
  function answerAgain(): void {
    const last = scripted.messages.at(-1);
    if (last) void answer(terminal, last, story(last.text));
  }
  const terminal: Terminal = createTerminal({
    ...streams,
    dir: await temporaryFolder(),
    once: flags?.once ?? false,
    json: flags?.json ?? false,
    colour: true,
    version: "1.2.3",
    completions: () => Promise.resolve([]),
    describe: () => Promise.resolve(""),
    exit: left.resolve,
    wallTime: () => NOON,
    person: ADA,
  });
  await terminal.start(scripted);
  streams.input.end(input);
  const code = await left.promise;
  await terminal.stop();
  streams.output.end();
  streams.error.end();
  const [out, err] = await Promise.all([text(streams.output), text(streams.error)]);
  return { out, err, code, asked: scripted.messages };
}

async function answer(terminal: Terminal, message: IncomingMessage, events: readonly TurnEvent[]) {
  const turn = await playTurn(terminal, message, events);
  await turn.finish();
}

const jsonLines = (out: string): Record<string, unknown>[] =>
  out
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));

test("--once takes the whole input as one question and prints the answer as Markdown", async () => {
  const { out, code, asked } = await pipe("Which\nindex?\n", { flags: { once: true } });
  expect(asked.map((message) => message.text)).toEqual(["Which\nindex?"]);
  expect(out).toBe(
    `An answer to **Which
index?**.

-- Both agents agree · 15s · $0.074
-- GPT could not answer: 429 slow down.

`,
  );
  expect(code).toBe(0);
});

test("the agents' progress is on the error stream", async () => {
  const { err } = await pipe("Which index?", { flags: { once: true } });
  expect(err).toContain("parley: GPT is out: the provider's rate limit is reached\n");
});

test("--once without an answer says why and exits with 1", async () => {
  const { out, err, code } = await pipe("Which index?", {
    flags: { once: true },
    story: () => failedStory(),
  });
  expect(out).toBe("");
  expect(err).toContain("parley: No agent could answer: Opus (401 invalid key)");
  expect(code).toBe(1);
});

test("--once without a question says so", async () => {
  const { err, code } = await pipe(" \n", { flags: { once: true } });
  expect(err).toBe('parley: No question: write one after -p ("…") or to standard input.\n');
  expect(code).toBe(1);
});

test("--json prints every event, and the summary last", async () => {
  const { out } = await pipe("Which index?", { flags: { once: true, json: true } });
  const lines = jsonLines(out);
  expect(TurnEvent.array().parse(lines.slice(0, -1))).toEqual(answerWith("Which index?"));
  expect(lines.at(-1)).toMatchObject({
    type: "turn_summary",
    conversation: "terminal::local:2026-11-23-1",
    team: "council",
    presenter: "gemini",
    answer: "An answer to **Which index?**.",
    closed_by: "settled",
    decided_by: "tally",
    limits_hit: [],
    elapsed_ms: 15_000,
    failures: [{ agent: "gpt", failure: "rate_limit", message: "429 slow down" }],
  });
});

test("--json has a summary for a message that started no turn", async () => {
  const { out, code } = await pipe("Which index?", {
    flags: { once: true, json: true },
    onMessage: () => Promise.reject(new Error("the disk is full")),
  });
  expect(jsonLines(out)).toEqual([
    expect.objectContaining({
      type: "turn_summary",
      answer: null,
      answers: [],
      notes: ["Parley did not accept the message: the disk is full"],
    }),
  ]);
  expect(code).toBe(1);
});

test("without --once every line is a message or a command, one after the other", async () => {
  const { out, asked } = await pipe("first\n\n/why\nsecond\n", {
    reply: () => okReply("Why this answer", "Because."),
  });
  expect(asked.map((message) => message.text)).toEqual(["first", "second"]);
  expect(out.match(/An answer to .*|Because\./g)).toEqual([
    "An answer to **first**.",
    "Because.",
    "An answer to **second**.",
  ]);
});

test("/stop does not wait for the turn that it stops", async () => {
  const stop = Promise.withResolvers<void>();
  const { code, asked } = await pipe("first\n/stop\n", {
    story: () => failedStory(),
    until: stop.promise,
    reply({ text: command }) {
      if (command === "stop") stop.resolve();
      return okReply("Stopping");
    },
  });
  expect(asked).toHaveLength(1);
  expect(code).toBe(1);
});

test.each(["/retry", "/again", "/retry with duo"])(
  "%s waits for the answer that it asks for",
  async (command) => {
    const { out, code } = await pipe(`first\n${command}\n`, {
      reply(_, answerAgain) {
        // The turn of a retry ends later than the reply to it.
        setImmediate(answerAgain);
        return okReply("Answering again");
      },
    });
    expect(out.match(/An answer to/g)).toHaveLength(2);
    expect(code).toBe(0);
  },
);

test("a failed command is an error", async () => {
  const { out, err, code } = await pipe("/nope\n", {
    reply: () => ({ ...okReply("There is no command nope"), ok: false }),
  });
  expect([out, err, code]).toEqual(["", "parley: There is no command nope\n", 1]);
});

test("/quit ends the script there", async () => {
  const { asked, code } = await pipe("first\n/quit\nsecond\n");
  expect(asked.map((message) => message.text)).toEqual(["first"]);
  expect(code).toBe(0);
});

test("no control character reaches a pipe", async () => {
  const hostile = () => turnStory({ answer: "a\x1b]0;x\x07b\x9b2Jc\u202e" });
  const plain = await pipe("q", { flags: { once: true }, story: hostile });
  const json = await pipe("q", { flags: { once: true, json: true }, story: hostile });
  expect(plain.out + plain.err + json.out).not.toMatch(/(?!\n)\p{Cc}/u);
});
