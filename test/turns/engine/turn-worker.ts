import { TurnEvent } from "../../../src/coordination/turn-event.ts";
import { systemClock } from "../../../src/clock.ts";
import { openStore } from "../../../src/store/store.ts";
import { createBossEngine } from "../../../src/turns/engine/boss/boss-engine.ts";
import type { RunTurn } from "../../../src/turns/engine/engine.ts";

// A process to be stopped, frozen and killed: a turn takes steps of 100 ms, each journaled, until SIGUSR2 says that these are enough, and ends
// with one post. It says what it does. A step is an event of the given type.
const [url = "", graceMs = "100", type = "time_passed"] = process.argv.slice(2);
const enough = new AbortController();
process.once("SIGUSR2", () => enough.abort());
const say = (line: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(line)}\n`);
const store = await openStore({ dir: "", pid: process.pid, now: Date.now, url });
const engine = createBossEngine({
  store,
  clock: systemClock,
  platforms: () => ["test"],
  concurrency: 8,
  attempts: 3,
  retryMs: 100,
  leaveMs: 1000,
  async onGivenUp({ request }) {
    say({ did: "gave up", turn: request });
  },
  onProblem: (problem) => say({ did: "met a problem", problem: String(problem) }),
});

const run: RunTurn = async (turn, signal) => {
  const { id, epoch, request } = turn;
  const done = (await store.journal.read(id)).length;
  for (let step = done; !enough.signal.aborted; step++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    signal.throwIfAborted();
    await store.journal.append(id, epoch, [TurnEvent.parse({ type, at: step })]);
    say({ did: "took a step", turn: request, epoch, step });
  }
  await store.deliveries.confirm(turn);
  await store.db.q("INSERT INTO posts (turn) VALUES ($1)", [id]);
  say({ did: "posted", turn: request, epoch });
};

await engine.start(async (turn, signal) => {
  const { epoch, request } = turn;
  say({ did: "began", turn: request, epoch });
  try {
    await run(turn, signal);
  } catch (error) {
    say({ did: "let go", turn: request, epoch });
    throw error;
  }
});
say({ did: "started" });

process.once("SIGTERM", () => {
  void engine
    .drain(Number(graceMs))
    .then(() => store.close())
    .then(() => process.exit(0));
});
