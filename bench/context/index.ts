import type { Prompt } from "../../src/context/build-prompt.ts";
import type { Conversation } from "../../src/conversation/message.ts";
import { retainedMb } from "./memory.ts";
import { repeated } from "./prefix.ts";
import { createScene, createThread, nextTurn, type Scene } from "./scene.ts";

const MESSAGES = [10, 100, 1000] as const;
const AGENTS = [3, 5, 10] as const;
const RUNS = 25;
const WINDOW = 400_000;
const SMALL_WINDOW = 64_000;
const TURNS = 30;
/**
 * MassGen v0.0.4, recorded with the same sizes of text: milliseconds and tokens to build the prompts of all agents once. A turn of its
 * table is one message of a person and one answer: two messages here.
 */
const MASSGEN: Readonly<Record<string, readonly [ms: number, tokens: number]>> = {
  "20x3": [0.104, 11_000],
  "20x5": [0.174, 22_000],
  "20x10": [0.439, 64_000],
  "200x3": [0.349, 74_000],
  "200x5": [0.678, 128_000],
  "200x10": [1.372, 275_000],
  "2000x3": [12.5, 708_000],
  "2000x5": [27.724, 1_180_000],
  "2000x10": [26.814, 2_390_000],
};

interface Cell {
  readonly name: string;
  readonly ms: number;
  readonly mb: number;
  /** Of all agents' reviews. */
  readonly tokens: number;
  readonly moves: number;
  readonly turns: number;
  readonly afterReview: number;
}

/** Renders the thread once and builds every agent's review of all answers. */
function generation(scene: Scene, conversation: Conversation): readonly Prompt[] {
  const thread = scene.render(conversation);
  return scene.agents.map((agent) => scene.prompt("review", agent, thread));
}

function measure(messages: number, agents: number, window = WINDOW): Cell {
  const scene = createScene(agents, window);
  const conversation = createThread(messages);
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    generation(scene, conversation);
    return performance.now() - started;
  });
  return {
    name: `${messages}x${agents}`,
    ms: times.toSorted((a, b) => a - b)[RUNS >> 1] ?? 0,
    mb: retainedMb(() => generation(scene, conversation)),
    tokens: generation(scene, conversation).reduce((sum, { tokens }) => sum + tokens, 0),
    ...sharesOf(scene, conversation),
  };
}

function sharesOf(scene: Scene, conversation: Conversation) {
  const [agent] = scene.agents;
  if (!agent) throw new Error("a scene needs an agent");
  const [thread, later] = [scene.render(conversation), scene.render(nextTurn(conversation))];
  const answer = scene.prompt("answer", agent, thread);
  const review = scene.prompt("review", agent, thread);
  const next = scene.prompt("answer", agent, later);
  return {
    moves: repeated(answer, review).ofEarlier,
    turns: repeated(answer, next).ofEarlier,
    afterReview: repeated(review, next).ofLater,
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const right = (cells: readonly string[]): string =>
  cells.map((cell, i) => cell.padStart(i === 0 ? 10 : 13)).join(" ");

const COLUMNS = ["ms", "MB kept", "tokens/agent", "tokens/all", "moves", "turns", "of new turn"];

function printCell(cell: Cell, agents: number): void {
  const massgen = MASSGEN[cell.name];
  const cells = [
    cell.name,
    cell.ms.toFixed(2),
    cell.mb.toFixed(2),
    String(Math.round(cell.tokens / agents)),
    String(cell.tokens),
    ...[cell.moves, cell.turns, cell.afterReview].map(percent),
    ...(massgen ? [massgen[0].toFixed(2), String(massgen[1])] : []),
  ];
  console.log(right(cells));
}

function measureTable(sizes: readonly number[]): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const messages of sizes) {
    for (const agents of AGENTS) {
      const cell = measure(messages, agents);
      cells.set(cell.name, cell);
      printCell(cell, agents);
    }
  }
  return cells;
}

/** A thread that outgrows its models' window, turn by turn. */
function measureOutgrown(): {
  readonly held: number;
  readonly mean: number;
  readonly tokens: number;
} {
  const scene = createScene(10, SMALL_WINDOW);
  let conversation = createThread(1000);
  const shares: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    shares.push(sharesOf(scene, conversation).turns);
    conversation = nextTurn(conversation);
  }
  const [last] = generation(scene, conversation);
  return {
    held: shares.filter((share) => share >= 0.9).length / TURNS,
    mean: shares.reduce((sum, share) => sum + share, 0) / TURNS,
    tokens: last?.tokens ?? 0,
  };
}

const EXPLANATION = `messages x agents; people's messages have 120, past answers 800, answers under review 1,500 characters; every agent builds the review of all answers.
ms: the thread rendered once and all agents' prompts built, median of ${RUNS}. MB kept: what those prompts keep alive beside the thread itself.
Shares of bytes (tools, system, messages, in this order), counted from the beginning up to the first difference:
  moves        of the prompt of an answer, how much the same agent's review in that turn repeats
  turns        of the prompt of an answer, how much the same agent's answer in the next turn repeats (one final answer and one request later)
  of new turn  of the next turn's first prompt, how much repeats the agent's last call before it, a review of all answers`;

/** Prints the tables; the figures of the issue are those of the named cells. */
export async function runContextBench(): Promise<Record<string, number>> {
  // Warms up the compiler, so that the first cells are not slower than the last.
  for (let i = 0; i < 20; i++) generation(createScene(5, WINDOW), createThread(200));
  console.log(`${EXPLANATION}\n\n${right(["", ...COLUMNS])}`);
  const cells = measureTable(MESSAGES);
  console.log(
    `\nAs much text as in MassGen's table, whose turn is two messages; its last columns are v0.0.4's\n${right(["", ...COLUMNS, "MassGen ms", "tokens/all"])}`,
  );
  measureTable(MESSAGES.map((turns) => turns * 2));
  const outgrown = measureOutgrown();
  console.log(
    `\nA thread of 1,000 messages and more in a window of ${SMALL_WINDOW} tokens: ${outgrown.tokens} tokens a prompt; over ${TURNS} turns "turns" is ${percent(outgrown.mean)} in the mean, at least 90 % in ${percent(outgrown.held)} of them.`,
  );
  const [large, middle] = [cells.get("1000x10"), cells.get("100x10")];
  if (!large || !middle) throw new Error("the cells 1000x10 and 100x10 are missing");
  return Promise.resolve({
    build_ms_1000x10: round(large.ms),
    build_mb_1000x10: round(large.mb),
    tokens_100x10: middle.tokens,
    prefix_share_moves: round(middle.moves),
    prefix_share_turns: round(middle.turns),
    prefix_share_turns_of_new: round(middle.afterReview),
    prefix_share_turns_outgrown: round(outgrown.mean),
  });
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
