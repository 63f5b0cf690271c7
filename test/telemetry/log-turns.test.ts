import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { z } from "zod";
import { fold } from "../../src/coordination/advance.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { ConversationId, TurnId } from "../../src/ids.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createTurnLog } from "../../src/telemetry/log-turns.ts";
import type { TurnStep } from "../../src/turns/turn-step.ts";
import { turnStory } from "../support/turn-story.ts";

const THREAD = ConversationId.parse("terminal::local:heron");
const Entry = z.looseObject({ level: z.number(), msg: z.string() });

/** The log of a turn, written while its events come in. */
async function logOf(events: readonly TurnEvent[], level: string): Promise<string> {
  const output = new PassThrough();
  const log = createLog({ level, output, pretty: null, secrets: [] });
  const turns = createTurnLog(log);
  events.forEach((event, index) => turns.event(THREAD, event, fold(events.slice(0, index + 1))));
  output.end();
  return text(output);
}

const entriesIn = (lines: string) =>
  lines
    .trim()
    .split("\n")
    .map((line) => Entry.parse(JSON.parse(line)));

/** Everything that a person or a model said in these events. */
const wordsIn = (events: readonly TurnEvent[]): readonly string[] =>
  events.flatMap((event) => {
    const ballot = "ballot" in event ? event.ballot : null;
    const said = "text" in event ? [event.text] : [];
    const steered = event.type === "message_steered" ? [event.message.text] : [];
    const judged = ballot ? [ballot.reason, ballot.objection?.text ?? ""] : [];
    // An answer of several lines would stand in the log with its line breaks escaped.
    return [...said, ...steered, ...judged].flatMap((words) => words.split("\n")).filter(Boolean);
  });

test("a turn leaves one line with its cost and how it ended, and one for each agent that dropped out", async () => {
  const entries = entriesIn(await logOf(turnStory(), "info"));
  const own = entries.filter(({ msg }) => msg !== "move ended");
  expect(own).toMatchObject([
    { level: 40, msg: "move failed", agent: "gpt", failure: "rate_limit", at_ms: 7000 },
    {
      level: 30,
      msg: "turn ended",
      turn: "turn-1",
      conversation: THREAD,
      team: "council",
      outcome: "answered",
      closed_by: "settled",
      limit: null,
      moves: 7,
      retries: 1,
      input_tokens: 12_100,
      output_tokens: 1260,
      elapsed_ms: 15_000,
    },
  ]);
});

test("each move that ends leaves a line that says how long it took, and how long its model", async () => {
  const timed = turnStory().map((event) =>
    event.type === "answer_given"
      ? { ...event, usage: { ...event.usage, modelMs: 900, queuedMs: 300 } }
      : event,
  );
  const entries = entriesIn(await logOf(timed, "info")).filter(({ msg }) => msg === "move ended");
  expect(entries.map(({ agent, ended }) => `${String(agent)} ${String(ended)}`)).toContain(
    "opus answer given",
  );
  const answers = entries.filter(({ ended }) => ended === "answer given");
  expect(answers.every((entry) => entry["model_ms"] === 900 && entry["queued_ms"] === 300)).toBe(
    true,
  );
  expect(entries.every((entry) => typeof entry["took_ms"] === "number")).toBe(true);
});

test("what happens besides its moves is told under the same id: accepted, queued, started, posted, done", async () => {
  const output = new PassThrough();
  const turns = createTurnLog(createLog({ level: "info", output, pretty: null, secrets: [] }));
  const turn = { id: TurnId.parse("turn-1"), conversation: THREAD };
  const steps: readonly TurnStep[] = [
    { step: "accepted", ahead: 1, sinceWrittenMs: 350 },
    { step: "queued", why: "an earlier turn of this thread", waitedMs: 12_000 },
    { step: "started", attempt: 1 },
    { step: "posted", kind: "final", tookMs: 4_100, limits: { hits: 2, ms: 4_000 } },
    { step: "done", tookMs: 31_000 },
  ];
  for (const step of steps) turns.step(turn, step);
  output.end();
  expect(entriesIn(await text(output))).toMatchObject([
    { msg: "accepted", turn: "turn-1", ahead: 1, since_written_ms: 350 },
    { msg: "queued", turn: "turn-1", why: "an earlier turn of this thread", waited_ms: 12_000 },
    { msg: "started", turn: "turn-1", attempt: 1 },
    { msg: "posted", kind: "final", took_ms: 4_100, rate_limits: 2, rate_limited_ms: 4_000 },
    { msg: "done", conversation: THREAD, took_ms: 31_000 },
  ]);
});

test("every line names its turn and its conversation", async () => {
  const entries = entriesIn(await logOf(turnStory(), "debug"));
  expect(entries).toHaveLength(turnStory().length);
  expect(new Set(entries.map(({ turn }) => turn))).toEqual(new Set(["turn-1"]));
  expect(new Set(entries.map(({ conversation }) => conversation))).toEqual(new Set([THREAD]));
});

test("at debug the log says what happened and who did it", async () => {
  const entries = entriesIn(await logOf(turnStory(), "debug"));
  expect(entries.map(({ agent = "", msg }) => `${String(agent)} ${msg}`.trim())).toContain(
    "gemini move started",
  );
});

test("no level shows what people or agents said", async () => {
  const [start, ...rest] = turnStory();
  const message = { id: "m2", author: "Ada", text: "Is a trie an option?", at: 5000 };
  const events = TurnEvent.array().parse([
    start,
    { type: "message_steered", at: 0, message },
    ...rest,
  ]);
  const said = wordsIn(events);
  expect(said).toContain("Is a trie an option?");
  expect(said).toContain("Ordered reads decide it.");
  const log = await logOf(events, "trace");
  expect(said.filter((words) => log.includes(words))).toEqual([]);
});
