import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { z } from "zod";
import { fold } from "../../src/coordination/advance.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { ConversationId } from "../../src/ids.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { logTurnEvent } from "../../src/telemetry/log-turns.ts";
import { turnStory } from "../support/turn-story.ts";

const THREAD = ConversationId.parse("terminal::local:heron");
const Entry = z.looseObject({ level: z.number(), msg: z.string() });

/** The log of a turn, written while its events come in. */
async function logOf(events: readonly TurnEvent[], level: string): Promise<string> {
  const output = new PassThrough();
  const log = createLog({ level, output, pretty: false, secrets: [] });
  events.forEach((event, index) =>
    logTurnEvent(log, THREAD, event, fold(events.slice(0, index + 1))),
  );
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
  expect(entries).toMatchObject([
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

test("every line names its turn and its conversation", async () => {
  const entries = entriesIn(await logOf(turnStory(), "debug"));
  expect(entries).toHaveLength(turnStory().length);
  expect(new Set(entries.map(({ turn }) => turn))).toEqual(new Set(["turn-1"]));
  expect(new Set(entries.map(({ conversation }) => conversation))).toEqual(new Set([THREAD]));
});

test("at debug the log says what happened and who did it", async () => {
  const entries = entriesIn(await logOf(turnStory(), "debug"));
  expect(entries.map(({ agent = "", msg }) => `${String(agent)} ${msg}`.trim())).toContain(
    "gemini revision offered",
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
