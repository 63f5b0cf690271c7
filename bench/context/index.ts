import type { Prompt } from "../../src/context/build-prompt.ts";
import type { Conversation } from "../../src/conversation/message.ts";
import { type MassgenFigures, measureMassgen } from "./massgen.ts";
import { retainedMb } from "./memory.ts";
import { repeated } from "./prefix.ts";
import { answersOf, createScene, createThread, nextTurn, type Scene } from "./scene.ts";

const MESSAGES = [10, 100, 1000] as const;
const AGENTS = [3, 5, 10] as const;
const RUNS = 25;
const WINDOW = 400_000;
const SMALL_WINDOW = 64_000;
const TURNS = 30;
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

function printCell(cell: Cell, agents: number, massgen: MassgenFigures | undefined): void {
  const cells = [
    cell.name,
    cell.ms.toFixed(2),
    cell.mb.toFixed(2),
    String(Math.round(cell.tokens / agents)),
    String(cell.tokens),
    ...[cell.moves, cell.turns, cell.afterReview].map(percent),
    ...(massgen ? [massgen.ms.toFixed(2), String(massgen.tokens)] : []),
  ];
  console.log(right(cells));
}

const SIZES = MESSAGES.flatMap((messages) => AGENTS.map((agents) => ({ messages, agents })));

/** The same texts through MassGen's templates, where MASSGEN names a checkout of it. */
function besideMassgen(): readonly MassgenFigures[] {
  const folder = process.env["MASSGEN"];
  if (!folder) return [];
  const cells = SIZES.map(({ messages, agents }) => ({
    conversation: createThread(messages),
    answers: answersOf(agents),
    runs: RUNS,
  }));
  return measureMassgen(folder, cells);
}

function measureTable(massgen: readonly MassgenFigures[]): ReadonlyMap<string, Cell> {
  const cells = SIZES.map(({ messages, agents }, i) => {
    const cell = measure(messages, agents);
    printCell(cell, agents, massgen[i]);
    return [cell.name, cell] as const;
  });
  return new Map(cells);
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
  const massgen = besideMassgen();
  const columns = massgen.length > 0 ? [...COLUMNS, "MassGen ms", "tokens/all"] : COLUMNS;
  console.log(`${EXPLANATION}\n\n${right(["", ...columns])}`);
  const cells = measureTable(massgen);
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
