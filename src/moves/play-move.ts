import { BackendError, type PromptMessage } from "../backends/backend.ts";
import type { Prompt } from "../context/build-prompt.ts";
import { cutMiddle } from "../context/cut-middle.ts";
import { fence } from "../context/fence.ts";
import type { MoveHooks, MoveRequest, MoveResult } from "../coordination/move.ts";
import type { Usage } from "../coordination/turn-event.ts";
import { ask, type Reply } from "./ask.ts";
import type { MoveAgent, MovesOptions } from "./moves-options.ts";
import { modelOf } from "./prompt-of-move.ts";
import { readReply } from "./read-reply.ts";
import { sumUsage, usageOf } from "./spending.ts";
import { type CorrectionKind, CORRECTIONS } from "./words.ts";

/** One move under way. */
export interface Play {
  readonly agent: MoveAgent;
  readonly move: MoveRequest;
  readonly hooks: MoveHooks;
  readonly options: MovesOptions;
  /** Built anew, and smaller, after an overflow. */
  readonly prompt: () => Promise<Prompt>;
  /** On the clock. */
  readonly deadline: number;
  /** Of the calls that have ended. */
  spent: Usage | null;
}

const MOST_QUOTED_BYTES = 8000;
const UNKNOWN_COST = () => null;

/** Asks until the reply can be used: each kind of correction is tried once, then what there is counts. Never rejects. */
export async function playMove(play: Play): Promise<MoveResult> {
  const corrections = new Map<CorrectionKind, PromptMessage>();
  try {
    for (;;) {
      const { reply, usage } = await askOnce(play, [...corrections.values()]);
      play.spent = sumUsage(play.spent, usage);
      const { outcome, again } = readReply(play.move, reply);
      if (again === undefined || corrections.has(again)) return { ...outcome, usage: play.spent };
      corrections.set(again, correction(reply, again));
      play.hooks.onDelta({ text: "", reset: true });
    }
  } catch (error) {
    return failed(error, play.spent);
  }
}

interface Asked {
  readonly reply: Reply;
  readonly usage: Usage;
}

/** One call; a prompt that turns out too long is cut down and put once more. */
async function askOnce(play: Play, corrections: readonly PromptMessage[]): Promise<Asked> {
  const prompt = await play.prompt();
  try {
    return await put(play, prompt, corrections);
  } catch (error) {
    if (!isOverflow(error)) throw error;
    const { calibration } = play.options;
    calibration.overflowed(modelOf(play.agent), prompt.tokens);
    play.hooks.onRetry({ attempt: 1, failure: "context", message: error.message, delayMs: 0 });
    play.hooks.onDelta({ text: "", reset: true });
    return await put(play, await play.prompt(), corrections);
  }
}

const isOverflow = (error: unknown): error is BackendError =>
  error instanceof BackendError && error.failure === "context";

async function put(
  play: Play,
  prompt: Prompt,
  corrections: readonly PromptMessage[],
): Promise<Asked> {
  const { agent, hooks, options, move } = play;
  const request = {
    system: prompt.system,
    tools: prompt.tools,
    messages: [...prompt.messages, ...corrections],
    toolChoice: move.kind === "review" ? ("required" as const) : ("auto" as const),
    signal: hooks.signal,
    deadline: play.deadline,
    ...(options.cacheKey !== undefined && { cacheKey: options.cacheKey }),
  };
  hooks.signal.throwIfAborted();
  const reply = await ask(agent.backend, request, hooks, options.clock);
  if (corrections.length === 0) learn(play, prompt, reply);
  const cost = reply.takenOver ? (agent.fallbackCost ?? UNKNOWN_COST) : agent.cost;
  return { reply, usage: usageOf(reply, prompt.tokens, cost) };
}

/** Files are charged by their own rules: a prompt that has some teaches nothing about text. */
function learn({ agent, options }: Play, prompt: Prompt, reply: Reply): void {
  const hasFiles = prompt.messages.some(({ parts }) => parts.some(({ type }) => type === "file"));
  if (hasFiles || reply.takenOver || !reply.usage) return;
  options.calibration.learn(modelOf(agent), prompt.estimated, reply.usage.input);
}

/** The conversation goes on, so that the cached prefix holds: the model's reply, quoted, and what is wrong with it. */
function correction(reply: Reply, kind: CorrectionKind): PromptMessage {
  const calls = reply.calls.map((call) => `${call.name}(${call.arguments})`);
  const quoted = cutMiddle([reply.text, ...calls].join("\n").trim(), MOST_QUOTED_BYTES);
  const parts = quoted === "" ? [] : [fence("your-reply", quoted)];
  return {
    role: "user",
    parts: [{ type: "text", text: [...parts, CORRECTIONS[kind]].join("\n\n") }],
  };
}

function failed(error: unknown, usage: Usage | null): MoveResult {
  const message = error instanceof Error ? error.message : String(error);
  const failure = error instanceof BackendError ? error.failure : "bad_request";
  return { kind: "failed", failure, message, usage };
}
