import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createCatalogue } from "../../../src/backends/catalogue.ts";
import { BackendConfig } from "../../../src/backends/config.ts";
import { fold } from "../../../src/coordination/advance.ts";
import { whyReply } from "../../../src/progress/why-reply.ts";
import { createModelFaults, type Scene } from "../../servers/model-faults.ts";
import type { RecordedRequest, ReplyUsage } from "../../servers/model-wire.ts";
import { openRoom, type ParleyRoom } from "../../support/parley-room.ts";
import { CONVERSATION } from "../../support/thread-platform.ts";

const PRICE = { input: 2, cached: 0.2, written: 2.5, written_1h: 4, output: 10 };
const ENV = { PARLEY_KEY_TEST: "test-key-0123456789" };

/** Each dialect by the seat that speaks it. */
const DIALECTS = [
  ["openai", { type: "openai", path: "/v1" }],
  ["compatible", { type: "compatible", path: "/v1" }],
  ["anthropic", { type: "anthropic", path: "" }],
  ["gemini", { type: "gemini", path: "" }],
  ["azure on the v1 API", { type: "azure", path: "/openai/v1" }],
  ["azure with a dated version", { type: "azure", path: "", version: "2024-10-21" }],
] as const;
type Dialect = (typeof DIALECTS)[number][1];

const seatAt = (url: string, { type, path, ...more }: Dialect) =>
  BackendConfig.parse({
    type,
    model: "model-1",
    base_url: `${url}${path}`,
    api_key: "${PARLEY_KEY_TEST}",
    price: PRICE,
    context_window: 100_000,
    ...("version" in more && { api_version: more.version }),
  });

/** Long enough that a count of it is no chance. */
const STREAMED = "The mill stands where two streams meet, and its wheel turns by day. ".repeat(40);
const NOISE = "Somebody described the weather of that week in the valley at length. ".repeat(60);

/** As a provider counts, about: four bytes a token. */
const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

const usageOf = ({ raw }: RecordedRequest, output: number): ReplyUsage => ({
  input: tokensOf(raw),
  cached: 0,
  cacheWritten: 0,
  output,
  reasoning: 0,
});

/** A server whose answers break off while `isBroken`: it has read the prompt and written `STREAMED`. */
async function openBooks(dialect: Dialect) {
  const faults = await createModelFaults();
  onTestFinished(() => faults.stop());
  const state = { isBroken: false, input: 0, output: 0 };
  faults.serve((request): Scene => {
    const usage = usageOf(request, tokensOf(STREAMED));
    state.input += usage.input;
    state.output += usage.output;
    const reply = { text: STREAMED, usage };
    return state.isBroken ? { type: "stall", after: reply } : { type: "answer", reply };
  });
  const seat = JSON.stringify(seatAt(faults.url, dialect));
  const team = `mode: solo\nagents:\n  - { id: ann, backend: ${seat} }\n`;
  const room = await openRoom(team, { isReal: true, env: ENV });
  /** The model has streamed as much, so that it counts. */
  const streamed = (requests: number) =>
    room.until(async () => {
      await room.clock.advance(1_000);
      expect(faults.requests).toHaveLength(requests);
      expect(room.statuses().at(-1)?.preview).toContain("turns by day.");
    });
  return { room, faults, state, streamed };
}

const Row = z.object({
  input: z.coerce.number(),
  cached: z.coerce.number(),
  written: z.coerce.number(),
  long: z.coerce.number(),
  output: z.coerce.number(),
  usd: z.coerce.number(),
});

/** What each of the books has. */
async function booksOf({ store }: ParleyRoom) {
  const ids = z.array(z.object({ id: z.string() })).parse(await store.db.q("SELECT id FROM turns"));
  const turns = await store.turns.recent(CONVERSATION, ids.length);
  const journals = await Promise.all(turns.map(({ id }) => store.journal.read(id)));
  const states = journals.filter((events) => events.length > 0).map((events) => fold(events));
  const told = states.map((one) => JSON.stringify(whyReply(one)));
  const [meter] = z
    .array(z.object({ tokens: z.coerce.number(), usd: z.coerce.number() }))
    .parse(await store.db.q("SELECT tokens, micro_usd AS usd FROM meters WHERE owner = 'all'"));
  const usage = await store.usage.sum({ conversation: CONVERSATION });
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  return {
    usage,
    tokens: {
      usage: usage.input + usage.output,
      journal: sum(states.map(({ spent }) => spent.input + spent.output)),
      why: sum(told.map((text) => Number(/(\d+) tokens,/.exec(text)?.[1]))),
      budgets: meter?.tokens,
    },
    dollars: {
      usage: usage.costUsd.toFixed(5),
      journal: sum(states.map(({ spent }) => spent.costUsd ?? 0)).toFixed(5),
      budgets: ((meter?.usd ?? 0) / 1e6).toFixed(5),
    },
  };
}

const allOf = <T>(books: Readonly<Record<string, T>>): ReadonlySet<T> =>
  new Set(Object.values(books));

/** How turns break off, and what they are asked once more. */
const WAYS = ["a stop", "an edit", "a restart of the process", "the death of the process"] as const;

async function breakOff(
  { room, state, streamed }: Awaited<ReturnType<typeof openBooks>>,
  way: (typeof WAYS)[number],
): Promise<void> {
  await room.say(`What is the mill like? ${NOISE}`);
  await room.quiet();
  state.isBroken = true;
  const question = await room.say("And now?");
  await streamed(2);
  // What was noted last is what is known after a death.
  await room.clock.advance(4_000);
  if (way === "a stop") await room.command("stop");
  state.isBroken = false;
  if (way === "an edit") await room.edit(question, "And then?");
  if (way === "a restart of the process") await room.leave();
  if (way !== "a stop" && way !== "an edit") await room.start();
  await room.until(async () => {
    await room.clock.advance(100);
    expect(await room.store.turns.lanes()).toEqual([]);
  });
}

describe.each(DIALECTS)("the books of %s", (_, dialect) => {
  test.each(WAYS)(
    "agree to the token after %s, are near to what the model used, and mark what is estimated",
    async (way) => {
      const stage = await openBooks(dialect);
      await breakOff(stage, way);
      const { usage, tokens, dollars } = await booksOf(stage.room);
      expect(allOf(tokens).size, JSON.stringify(tokens)).toBe(1);
      expect(allOf(dollars).size, JSON.stringify(dollars)).toBe(1);
      const used = stage.state.input + stage.state.output;
      expect(tokens.usage / used, `${tokens.usage} of ${used}`).toBeGreaterThan(0.9);
      expect(tokens.usage / used, `${tokens.usage} of ${used}`).toBeLessThan(1.1);
      expect(usage.estimated).toBeGreaterThan(0);
      expect(usage.estimated).toBeLessThan(tokens.usage);
    },
  );
});

/** What a provider reads from its cache, and (Anthropic) writes into it. */
const cachedUsage: ReplyUsage = {
  input: 10_000,
  cached: 6_000,
  cacheWritten: 0,
  output: 500,
  reasoning: 0,
};
const writtenUsage: ReplyUsage = { ...cachedUsage, cacheWritten: 3_000, cacheWrittenLong: 1_000 };

test.each([
  ...DIALECTS.filter(([name]) => name !== "anthropic").map(
    ([name, dialect]) => [name, dialect, cachedUsage] as const,
  ),
  ["anthropic", DIALECTS[2][1], writtenUsage] as const,
])(
  "the dollars of %s follow from the stored tokens, the cached and the written part at their own prices",
  async (_, dialect, usage) => {
    const faults = await createModelFaults();
    onTestFinished(() => faults.stop());
    faults.serve(() => ({ type: "answer", reply: { text: "By the mill.", usage } }));
    const seat = seatAt(faults.url, dialect);
    const team = `mode: solo\nagents:\n  - { id: ann, backend: ${JSON.stringify(seat)} }\n`;
    const room = await openRoom(team, { isReal: true, env: ENV });
    await room.say("Where?");
    await room.quiet();
    const [row] = z
      .array(Row)
      .parse(
        await room.store.db.q(
          `SELECT input, cached, cache_written AS written, cache_written_long AS "long", output, cost_usd AS usd FROM usage`,
        ),
      );
    const { cacheWrittenLong = 0 } = usage;
    expect(row).toMatchObject({
      input: 10_000,
      cached: 6_000,
      written: usage.cacheWritten,
      long: cacheWrittenLong,
      output: 500,
    });
    if (!row) throw new Error("Nothing was booked.");
    const fresh = row.input - row.cached - row.written;
    const millionths =
      fresh * PRICE.input +
      row.cached * PRICE.cached +
      (row.written - row.long) * PRICE.written +
      row.long * PRICE.written_1h +
      row.output * PRICE.output;
    expect(row.usd).toBeCloseTo(millionths / 1e6, 9);
    const stored = { ...row, cacheWritten: row.written, cacheWrittenLong: row.long };
    expect(createCatalogue().cost(seat, stored)).toBeCloseTo(row.usd, 9);
  },
);
