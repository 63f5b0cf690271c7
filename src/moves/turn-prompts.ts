import type { Prompt } from "../context/build-prompt.ts";
import { loadFiles } from "../context/files.ts";
import { type RenderedThread, renderingThread } from "../context/render-thread.ts";
import type { MoveRequest } from "../coordination/move.ts";
import { inSlices } from "../slices.ts";
import type { MoveAgent, MovesOptions } from "./moves-options.ts";
import { buildingPromptOfMove } from "./prompt-of-move.ts";

/** The prompts of a turn. What they share is prepared once, at the first one: files are loaded, and the thread is rendered. */
export interface TurnPrompts {
  /** Builds a move's prompt, and keeps it for `take`. */
  prepare(move: MoveRequest, agent: MoveAgent): Promise<Prompt>;
  /** The prompt that was prepared for a move, the first time; then a new one. */
  take(move: MoveRequest, agent: MoveAgent): Promise<Prompt>;
}

/** Writing a request of so many tokens blocks the event loop for about a millisecond. */
const LARGE = 30_000;

export function createTurnPrompts(options: MovesOptions): TurnPrompts {
  const prepared = new Map<string, Prompt>();
  const thread = once(() => render(options));
  const nextIteration = createIterations();
  const build = async (move: MoveRequest, agent: MoveAgent): Promise<Prompt> =>
    inSlices(buildingPromptOfMove(move, agent, await thread(), options));
  return {
    async prepare(move, agent) {
      const prompt = await build(move, agent);
      prepared.set(move.id, prompt);
      return prompt;
    },
    async take(move, agent) {
      const prompt = prepared.get(move.id) ?? (await build(move, agent));
      prepared.delete(move.id);
      if (prompt.tokens >= LARGE) await nextIteration();
      return prompt;
    },
  };
}

async function render({ conversation, signal }: MovesOptions): Promise<RenderedThread> {
  const files = await loadFiles(conversation, signal);
  return inSlices(renderingThread(conversation, files));
}

/** Each call resolves in an iteration of the event loop of its own. */
function createIterations(): () => Promise<void> {
  let last = Promise.resolve();
  return () => (last = last.then(() => new Promise((resolve) => setImmediate(resolve))));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
