import { describe, expect, test } from "vitest";
import { fold } from "../../src/coordination/advance.ts";
import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import { AgentId, ConversationId } from "../../src/ids.ts";
import { formatNoAnswer } from "../../src/progress/failure-words.ts";
import { forPeople } from "../../src/progress/for-people.ts";
import { queuedTable, room, send } from "./queued-table.ts";
import { setTable, settle, started } from "./table.ts";

describe("queue_timeout", () => {
  test("ends the wait of a move, and the turn says what it waited for", async () => {
    const t = await queuedTable(2);
    await t.clock.advance(599_999);
    expect(t.open()).toHaveLength(2);
    await t.clock.advance(2);
    const state = await t.turn.done;
    expect(state.outcome).toBe("failed");
    expect(formatNoAnswer(state)).toBe(
      "No agent could answer: ada (it waited for a free call slot for 600 s), ben (it waited for a free call slot for 600 s). Limit reached: 600 s of waiting for room.",
    );
    expect(state.spent).toMatchObject({ input: 0, output: 0, costUsd: 0 });
  });

  test("says so where the wait was for a rate limit", async () => {
    const t = await queuedTable(1, { limits: { queue_timeout: 60 } });
    t.of("ada").hooks.onQueued({ cause: "rate_limit", resumesInMs: 30_000 });
    await t.clock.advance(60_000);
    expect(formatNoAnswer(await t.turn.done)).toContain(
      "it waited for the end of a rate limit for 60 s",
    );
  });

  test("counts all waits of a move, and none of the time of its calls", async () => {
    const t = await queuedTable(1, { limits: { queue_timeout: 60 } });
    await t.clock.advance(40_000);
    await send(t, "ada");
    await t.clock.advance(40_000);
    t.of("ada").hooks.onQueued(room);
    await settle();
    await t.clock.advance(19_000);
    expect(t.state().agents[0]?.failed).toBeNull();
    await t.clock.advance(1_001);
    expect(t.state().agents[0]?.failed).toMatchObject({ reason: "room_wait" });
  });

  test("leaves the other agents at work", async () => {
    const t = await queuedTable(3, { limits: { queue_timeout: 10 } }, 1);
    await t.clock.advance(10_001);
    expect(t.state().agents.map(({ failed }) => failed?.reason)).toEqual([
      "room_wait",
      undefined,
      undefined,
    ]);
    expect(t.open()).toHaveLength(2);
  });
});

describe("a limit is named only when it was reached", () => {
  test("a model that gave no sign of life did not reach move_timeout", async () => {
    const t = await setTable(started(1));
    await t.end("ada", {
      kind: "failed",
      failure: "timeout",
      message: "openai/gpt gave no sign of life for 120 s.",
      usage: null,
    });
    expect(formatNoAnswer(await t.turn.done)).not.toContain("Limit reached");
  });
});

test("members read what the agent waited for, without a hint at an admin who could not help", async () => {
  const t = await queuedTable(1, { limits: { queue_timeout: 60 } });
  await t.clock.advance(60_000);
  const shown = forPeople(await t.turn.done, ConversationId.parse("slack:T1:C1:1.2"));
  expect(formatNoAnswer(shown)).toBe(
    "ada could not answer: it waited too long for a free call slot. Limit reached: 60 s of waiting for room.",
  );
});

test("a journal from before the queue folds to the same state as ever", () => {
  const start = started(1);
  const agent = AgentId.parse("ada");
  const move = "ada:answer:1";
  const estimate = { tokens: 10, costUsd: 0 };
  const began = { kind: "answer", mayRevise: true, steering: 0, estimate } as const;
  const journal: TurnEvent[] = [
    start,
    { type: "move_started", at: 1, move, agent, revisions: [], ...began },
    {
      type: "move_failed",
      at: 150_001,
      move,
      agent,
      failure: "timeout",
      message: "no result within 150 s",
      usage: null,
    },
  ];
  const state = fold(journal);
  expect(state.agents[0]?.failed?.reason).toBe("time_limit");
  expect(state).toMatchObject({ now: 150_001, queuedMs: 0 });
});
