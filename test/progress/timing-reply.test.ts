import fc from "fast-check";
import { expect, test } from "vitest";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { TurnId } from "../../src/ids.ts";
import { timingReply, waterfall } from "../../src/progress/timing-reply.ts";
import type { TurnTimes } from "../../src/progress/turn-times.ts";
import { storyStart, turnStory, used } from "../support/turn-story.ts";
import { propertyRuns } from "../support/property-runs.ts";

const START = 1_700_000_000_000;

/** The story of a turn that waited, was retried and was rate limited when it was posted. */
function slow(events: readonly TurnEvent[] = turnStory()): TurnTimes {
  const began = START + 12_400;
  return {
    turn: TurnId.parse("turn-1"),
    writtenAt: START,
    takenOnAt: START + 300,
    startedAt: began - 400,
    endedAt: began + 19_500,
    attempts: 1,
    queuedFor: "an earlier turn of this thread",
    journal: events.map((event) => ({ event, at: began + event.at })),
    deliveries: [
      {
        kind: "status",
        chunk: 0,
        state: "posted",
        intendedAt: began,
        at: began,
        limitsHit: 0,
        limitedMs: 0,
      },
      {
        kind: "final",
        chunk: 0,
        state: "posted",
        intendedAt: began + 15_000,
        at: began + 19_200,
        limitsHit: 1,
        limitedMs: 4_000,
      },
    ],
  };
}

test("a slow question shows how long each step took, with a bar", () => {
  const timed = turnStory().map((event) =>
    event.type === "answer_given"
      ? {
          ...event,
          usage: {
            ...used(3_000, 300, 0.02),
            queuedMs: 1_000,
            modelMs: 3_000,
            firstTokenMs: 2_500,
          },
        }
      : event,
  );
  expect(waterfall(slow(timed), START + 60_000)).toMatchInlineSnapshot(`
    "turn turn-1
    31.9s total

                                  at    took
    written, accepted           0.0s    0.3s .
    queued                      0.3s   11.7s ...............
      for an earlier turn of this thread
    read the thread            12.0s    0.4s               ..
    Opus: answer               12.4s    4.0s                .--===
      model 3.0s; queued 1.0s for a free call slot
    Gemini: answer             12.4s    6.0s                .--=====
      model 3.0s; queued 1.0s for a free call slot
    GPT: answer                12.4s    7.0s                ---------
      rate limit, again after 2.0s; failed: rate limit
    Opus: review               19.4s    5.0s                        -======
    Gemini: review             19.4s    4.0s                        -=====
    Opus: review               24.4s    3.0s                              -====
    Gemini: review             24.4s    2.0s                              -===
    post the answer            27.4s    4.2s                                  ######
      rate limited 1×, 4.0s

    . waiting   - no token yet   = streaming   # posting"
  `);
});

test("it is a code block that only the asker sees", () => {
  expect(timingReply(slow(), START)).toMatchObject({
    visibleTo: "asker",
    blocks: [{ type: "code", language: "text" }],
  });
});

test("a queued or running turn shows its progress so far", () => {
  const waiting = { ...slow([]), startedAt: null, endedAt: null, queuedFor: null, deliveries: [] };
  expect(waterfall(waiting, START + 5_300)).toContain("5.0s so far");
  const running = { ...slow(storyStart()), endedAt: null, deliveries: [] };
  expect(waterfall(running, START + 22_400)).toMatch(/Opus: answer +12\.4s +10\.0s/);
});

test("a crash shows as a gap, and the turn as restarted", () => {
  const [start, ...moves] = storyStart();
  const aborted = moves.flatMap((event) =>
    event.type === "move_started"
      ? [
          {
            type: "move_aborted",
            at: 3_000,
            agent: event.agent,
            move: event.move,
            cause: "interrupted",
          },
        ]
      : [],
  );
  const events = [start, ...moves, ...TurnEvent.array().parse(aborted)].flatMap(
    (event) => event ?? [],
  );
  const times = slow(events);
  const text = waterfall({ ...times, attempts: 2 }, START);
  expect(text).toContain("started 2 times");
  expect(text).toMatch(/no process +12\.4s +3\.0s/);
  expect(text).toContain("aborted: interrupted");
});

test("a move that was queued shows its waits, and what for", () => {
  const [, ...rest] = storyStart();
  const first = rest.find((event) => event.type === "move_started");
  const own = { move: first?.move, agent: first?.agent };
  const queued = { ...own, type: "move_queued", resumesInMs: null, isFresh: true };
  const events = TurnEvent.array().parse([
    ...storyStart(),
    { ...queued, at: 100, cause: "room" },
    { ...own, type: "move_sent", at: 4_000 },
    { ...queued, at: 6_000, cause: "rate_limit" },
    { ...own, type: "move_sent", at: 8_000 },
  ]);
  const times = { ...slow(events), endedAt: null, deliveries: [] };
  const lines = waterfall(times, START + 22_400).split("\n");
  const at = lines.findIndex((line) => line.includes("Opus: answer"));
  expect(lines[at]).toMatch(/ -?\.+-+\.+-+$/);
  expect(lines[at + 1]).toBe("  queued 5.9s for a free call slot and the rate limit");
});

test("a move that waited too long names the limit", () => {
  const [, ...rest] = storyStart();
  const first = rest.find((event) => event.type === "move_started");
  const own = { move: first?.move, agent: first?.agent };
  const events = TurnEvent.array().parse([
    ...storyStart(),
    { ...own, type: "move_queued", at: 0, cause: "room", resumesInMs: null, isFresh: true },
    { ...own, type: "move_timed_out", at: 9_000, limit: "queue_timeout" },
  ]);
  expect(waterfall(slow(events), START + 60_000)).toContain(
    "queued 9.0s for a free call slot; limit reached: queue_timeout",
  );
});

test("no line is wider than 80 columns, and all bars begin in the same one, whatever agents are called", () => {
  const name = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.constantFrom("设计评审", "🤖 helper", "Ａ", "\n\tname"),
  );
  fc.assert(
    fc.property(fc.array(name, { minLength: 3, maxLength: 3 }), (names) => {
      const events = turnStory().map((event) =>
        event.type === "turn_started"
          ? {
              ...event,
              agents: event.agents.map((agent, n) => ({ ...agent, name: names[n] ?? "" })),
            }
          : event,
      );
      const lines = waterfall(slow(events), START).split("\n");
      expect(lines.every((line) => Array.from(line).length <= 80)).toBe(true);
      expect(lines.filter((line) => /\d\.\ds +\d+\.\ds/.test(line)).length).toBeGreaterThan(8);
    }),
    { numRuns: propertyRuns(100) },
  );
});
