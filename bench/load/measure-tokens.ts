import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatConversationId } from "../../src/ids.ts";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import { type BenchParley, openBenchParley } from "../store/bench-parley.ts";
import { BACKENDS, baseUrlOf } from "../streams/wires.ts";
import { CUT_AFTER_MS, type TokenRun, TokenRunOptions } from "./token-run.ts";

/** Whole turns beforehand: Parley learns from them how each model counts. */
const WARM_UP = 4;
const PATIENCE_MS = 60_000;
const POLL_MS = 100;

/** An agent for each backend. */
const teamOf = (origin: string): string => `
name: Tokens
settle: 0
agents:
${BACKENDS.map(
  (type) =>
    `  - { id: ${type}, backend: { type: ${type}, model: mock, base_url: "${baseUrlOf(type, origin)}", api_key: key, concurrency: 64, price: { input: 1, output: 1 }, context_window: 200000 } }`,
).join("\n")}
`;

const questionOf = (number: number): string =>
  `question-${number} Should we keep the plan, or change it? Ben says that it takes until May.`;

/** Asks questions, breaks their turns off while models write, and sends the parent what was booked for them. */
async function measure({ way, origin, folder, first, threads, asked }: TokenRun): Promise<void> {
  const parley = await openBenchParley({
    db: openSqlite(join(folder, "parley.db")),
    folder,
    team: teamOf(origin),
    asked,
    listener: {
      turnEvent: () => {},
      turnDone: () => {},
      problem: (problem) => console.error(problem),
    },
  });
  const numbers = Array.from({ length: threads }, (_, n) => first + n);
  if (way !== "resume") await beginTurns(parley, numbers, first + threads);
  if (way === "kill") {
    // The parent kills this process.
    process.send?.({ asked: parley.questions() });
    return;
  }
  for (const number of numbers) await breakOff(parley, number, way);
  await untilDone(parley, numbers);
  const booked = await Promise.all(numbers.map((number) => bookedFor(parley, number)));
  process.send?.({ booked: booked.reduce((sum, tokens) => sum + tokens, 0) });
  await parley.close();
  process.exit(0);
}

/** Resolves while the turns of these questions write their answers. */
async function beginTurns(
  parley: BenchParley,
  numbers: readonly number[],
  firstOfWarmUp: number,
): Promise<void> {
  const warmUp = Array.from({ length: WARM_UP }, (_, n) => firstOfWarmUp + n);
  for (const number of warmUp) await parley.ask(String(number), questionOf(number));
  await untilDone(parley, warmUp);
  for (const number of numbers) await parley.ask(String(number), questionOf(number));
  await sleep(CUT_AFTER_MS);
}

async function breakOff(parley: BenchParley, number: number, way: TokenRun["way"]): Promise<void> {
  if (way === "stop") await parley.command(String(number), "stop");
  if (way === "edit") await parley.edit(String(number), `${questionOf(number)} Or until June?`);
}

async function untilDone(parley: BenchParley, numbers: readonly number[]): Promise<void> {
  const late = performance.now() + PATIENCE_MS;
  while (!(await areDone(parley, numbers))) {
    if (performance.now() > late) throw new Error("The turns do not end.");
    await sleep(POLL_MS);
  }
}

const conversationOf = (number: number) =>
  formatConversationId({
    platform: "bench",
    space: "space",
    channel: "channel",
    thread: String(number),
  });

async function areDone({ store }: BenchParley, numbers: readonly number[]): Promise<boolean> {
  for (const number of numbers) {
    const turns = await store.turns.recent(conversationOf(number), 10);
    if (turns.length === 0 || turns.some(({ state }) => state !== "done")) return false;
  }
  return true;
}

async function bookedFor({ store }: BenchParley, number: number): Promise<number> {
  const { input, output } = await store.usage.sum({ conversation: conversationOf(number) });
  return input + output;
}

const [options = "{}"] = process.argv.slice(2);
await measure(TokenRunOptions.parse(JSON.parse(options)));
