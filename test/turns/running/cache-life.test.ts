import { expect, onTestFinished, test } from "vitest";
import { measureCache } from "../../../bench/cache/index.ts";
import { PACES } from "../../../bench/cache/paces.ts";
import { createModelFaults } from "../../servers/model-faults.ts";
import { createPromptCache } from "../../servers/prompt-cache.ts";
import { openRoom } from "../../support/parley-room.ts";

const MINUTE = 60_000;
/** Long enough that its prompt is cached. */
const INSTRUCTIONS = "Answer as a careful engineer would. ".repeat(150);

/** A room whose only agent is Claude, at a server with Anthropic's cache. */
async function openClaude(settings = "") {
  const faults = await createModelFaults();
  onTestFinished(() => faults.stop());
  const room = await openRoom(
    [
      "mode: solo",
      settings,
      `instructions: ${INSTRUCTIONS}`,
      "agents:",
      `  - { id: claude, backend: { type: anthropic, model: claude-opus-5-5, base_url: "${faults.url}", api_key: sk-test } }`,
    ].join("\n"),
    { isReal: true },
  );
  const count = createPromptCache(() => room.clock.now());
  faults.serve(({ body }) => {
    const usage = count(body);
    const cached = usage.cache_read_input_tokens;
    const cacheWritten = usage.cache_creation_input_tokens;
    const input = usage.input_tokens + cached + cacheWritten;
    const cacheWrittenLong = usage.cache_creation.ephemeral_1h_input_tokens;
    const text = `Take the second one. ${"It is the safer choice. ".repeat(20)}`;
    return {
      type: "answer",
      reply: {
        text,
        usage: { input, cached, cacheWritten, cacheWrittenLong, output: 40, reasoning: 0 },
      },
    };
  });
  let at = 0;
  /** A person asks so long after the question before. */
  const askAfter = async (ms: number) => {
    at += ms;
    await room.clock.advance(ms);
    await room.say("Which of the two should we take?", { at });
    await room.quiet();
  };
  const why = async () => JSON.stringify((await room.command("why")).blocks);
  return { room, faults, askAfter, why };
}

test("a thread whose people answer in minutes is cached for an hour from the second question on", async () => {
  const { room, faults, askAfter, why } = await openClaude();
  await askAfter(1);
  await askAfter(12 * MINUTE);
  await askAfter(12 * MINUTE);
  expect(faults.requests.map(({ raw }) => raw.includes('"ttl":"1h"'))).toEqual([false, true, true]);
  expect(room.of("cache_chosen")).toMatchObject([
    { life: "5m", by: "pace", paceMs: null, idleMs: null },
    { life: "1h", by: "pace", paceMs: expect.closeTo(12 * MINUTE, -3) },
    { life: "1h", by: "pace" },
  ]);
  const usages = room.of("answer_given").map(({ usage }) => usage);
  // The third call reads what the second wrote, although 12 minutes have passed.
  expect(usages[2]?.cached).toBeGreaterThan(1_024);
  expect(usages[2]?.cacheWrittenLong).toBe(usages[2]?.cacheWritten);
  expect(usages[0]).toMatchObject({ cacheWritten: expect.any(Number) });
  expect(usages[0]?.cacheWrittenLong).toBeUndefined();
  expect(await why()).toMatch(
    /Providers cache the prompts for 1 h, because messages come about 1[12]m\d\ds after an answer: this turn costs \$0\.00\d+, with 5 min about \$0\.0[12]\d*/,
  );
});

test("a team's own setting is used from the first question on, and why says so with both prices", async () => {
  const { room, faults, askAfter, why } = await openClaude("cache: 1h");
  await askAfter(1);
  expect(faults.requests[0]?.raw).toContain('"ttl":"1h"');
  expect(room.of("cache_chosen")).toMatchObject([{ life: "1h", by: "team" }]);
  expect(await why()).toMatch(
    /Providers cache the prompts for 1 h, as the team's file says: this turn costs \$[\d.]+, with 5 min about \$[\d.]+/,
  );
});

test("a team whose models decide themselves has no choice in its journal", async () => {
  const room = await openRoom();
  await room.say("Which of the two should we take?");
  await room.quiet();
  expect(room.of("turn_ended")).toHaveLength(1);
  expect(room.of("cache_chosen")).toEqual([]);
});

test.each(PACES)(
  "over threads at a pace of $name, auto costs at most 5 % more than the better life",
  (pace) => {
    const { cost } = measureCache(pace, { threads: 2, turns: 12 });
    expect(cost.auto).toBeGreaterThan(0);
    expect(cost.auto).toBeLessThanOrEqual(1.05 * Math.min(cost["5m"], cost["1h"]));
  },
);
