import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createInstantPlatform } from "../../bench/store/instant-platform.ts";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import { createParley } from "../../src/parley/parley.ts";
import { openStore } from "../../src/store/store.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { chatWire } from "../servers/chat-wire.ts";
import { listen } from "../servers/slack/listen.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PATIENCE } from "../support/patience.ts";

const THREADS = 30;
const AT_ONCE = 8;
const CALL_MS = 20_000;
const VOTE = { reason: "It is right.", objection: "", objection_to: "" };
const scores = ["A", "B"].map((answer, at) => ({ answer, score: 5 + 3 * at }));
const USAGE = { input: 10, cached: 0, cacheWritten: 0, output: 5, reasoning: 0 };

/** A model server whose calls end when the test says so. */
async function startModels() {
  const held: (() => void)[] = [];
  let most = 0;
  const server = createServer((request, response) => {
    void Array.fromAsync<Buffer>(request).then((chunks) => {
      const isReview = /<team-answer(?:-\w+)? label=/.test(Buffer.concat(chunks).toString());
      const call = { name: "vote", arguments: JSON.stringify({ ...VOTE, scores }) };
      const text = `Answer ${Math.random()}.`;
      const reply = isReview ? { calls: [call], usage: USAGE } : { text, usage: USAGE };
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      held.push(() =>
        response.end([...chatWire.content(reply), ...chatWire.finish(reply)].join("")),
      );
      most = Math.max(most, held.length);
    });
  });
  const listening = await listen(server);
  onTestFinished(() => listening.close());
  return { url: listening.url, held, most: () => most };
}

test("30 threads share 8 calls of 20 s at once: no agent is lost, though calls wait longer than a move may take", async () => {
  const models = await startModels();
  const dir = await temporaryFolder();
  const agent = (id: string) =>
    `  - { id: ${id}, backend: { type: compatible, model: m, base_url: "${models.url}/v1", concurrency: ${AT_ONCE}, price: { input: 0, output: 0 }, context_window: 100000 } }`;
  await writeFile(
    join(dir, "default.yaml"),
    `settle: 0\nagents:\n${agent("ann")}\n${agent("ben")}\n`,
  );
  const clock = createFakeClock();
  const store = await openStore({ dir: ":memory:", pid: 1, now: () => clock.now() });
  const book = await createTeamBook({ dirs: [dir], env: {}, clock, watch: null });
  const events: TurnEvent[] = [];
  const instant = createInstantPlatform();
  const parley = createParley({
    store,
    book,
    catalogue: createCatalogue(),
    env: {},
    clock,
    wallClock: () => clock.now(),
    version: "Parley test",
    listener: {
      turnEvent: (_, event) => void events.push(event),
      turnDone: () => {},
      problem: () => {},
    },
  });
  await parley.serve([instant.platform]);
  onTestFinished(async () => {
    const stopped = parley.stop(0);
    await clock.advance(10_000);
    await stopped;
  });
  const of = (type: TurnEvent["type"]) => events.filter((event) => event.type === type);
  for (let n = 0; n < THREADS; n += 1) void instant.ask(String(n), `${n}: which one?`);

  const isOver = () => of("turn_ended").length === THREADS;
  // A first vote that decides spares the second one, so the last calls may be fewer.
  for (let left = 2 * 2 * THREADS; !isOver();) {
    const least = left > THREADS ? AT_ONCE : 1;
    await vi.waitFor(async () => {
      await clock.advance(1);
      expect(models.held.length >= least || isOver()).toBe(true);
    }, PATIENCE);
    await clock.advance(CALL_MS);
    left -= models.held.length;
    for (const end of models.held.splice(0)) end();
  }
  expect(
    of("turn_ended").every((event) => "outcome" in event && event.outcome === "answered"),
  ).toBe(true);
  expect([...of("move_failed"), ...of("move_timed_out")]).toEqual([]);
  expect(of("move_queued").length).toBeGreaterThan(THREADS);
  expect(models.most()).toBe(AT_ONCE);
  expect(clock.now()).toBeGreaterThan(220_000);
});
