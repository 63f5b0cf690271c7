import { BackendError, type LeftOut, type PromptMessage } from "../backends/backend.ts";
import type { Prompt } from "../context/build-prompt.ts";
import { cutMiddle } from "../context/cut-middle.ts";
import { createFences } from "../context/fence.ts";
import type { MoveHooks, MoveRequest, MoveResult } from "../coordination/move.ts";
import { ask, type Reply } from "./ask.ts";
import { createClaimFilter } from "./claim-line.ts";
import type { Meter } from "./meter.ts";
import type { MoveAgent, MovesOptions } from "./moves-options.ts";
import { continueReply, type WholeReply } from "./continue-reply.ts";
import { cacheOf, reservedFor, servedModelOf } from "./prompt-of-move.ts";
import { readReply } from "./read-reply.ts";
import { type CorrectionKind, CORRECTIONS } from "./words.ts";

/** A running move. */
export interface Play {
  readonly agent: MoveAgent;
  readonly move: MoveRequest;
  readonly hooks: MoveHooks;
  readonly options: MovesOptions;
  /** Rebuilt smaller after an overflow. */
  readonly prompt: () => Promise<Prompt>;
  /** On the clock, its waits for room so far not counted. */
  readonly deadline: number;
  readonly meter: Meter;
  /** Called with the files that the model does not get. */
  readonly onLeftOut: (files: readonly LeftOut[]) => void;
}

const MOST_QUOTED_BYTES = 8000;

/** Calls the model until its reply is usable. Tries each kind of correction once, then takes the reply as it is. Never rejects. */
export async function playMove(play: Play): Promise<MoveResult> {
  const corrections = new Map<CorrectionKind, PromptMessage>();
  const shown = withoutClaims(play);
  try {
    for (;;) {
      const { reply, cut } = await askWhole(shown, [...corrections.values()]);
      const { outcome, again } = readReply(play.move, reply);
      if (again === undefined || corrections.has(again)) {
        const isCut = cut && outcome.kind === "answered";
        return { ...outcome, ...(isCut && { cut }), usage: play.meter.read() };
      }
      corrections.set(again, correction(reply, again, play));
      shown.hooks.onDelta({ text: "", reset: true });
    }
  } catch (error) {
    return failed(error, play);
  }
}

/** Streams the text of an answer without its claim line. */
function withoutClaims(play: Play): Play {
  const { move, hooks } = play;
  if (move.claims !== true || move.kind !== "answer") return play;
  const filter = createClaimFilter();
  const onDelta: MoveHooks["onDelta"] = ({ text, reset }) => {
    if (reset) filter.reset();
    const shown = filter.take(text);
    if (reset || shown !== "") hooks.onDelta({ text: shown, reset });
  };
  return { ...play, hooks: { ...hooks, onDelta } };
}

/** A reply, and its rest if the output limit cut it. The rest shows when it is joined. */
async function askWhole(play: Play, corrections: readonly PromptMessage[]): Promise<WholeReply> {
  const { hooks } = play;
  const first = await askOnce(play, corrections);
  const quiet = { ...play, hooks: { ...hooks, onDelta: () => {} } };
  const whole = await continueReply(play.move, first, {
    fenceCode: play.options.conversation.fenceCode,
    askRest: (rest) => askOnce(quiet, [...corrections, ...rest]),
  });
  hooks.signal.throwIfAborted();
  if (whole.reply !== first) {
    hooks.onDelta({ text: "", reset: true });
    hooks.onDelta({ text: whole.reply.text, reset: false });
  }
  return whole;
}

/** A prompt is shortened this often before the move fails. */
const MOST_CUTS = 3;

/** One call. While the prompt is too long for the model, shortens it and asks again. */
async function askOnce(play: Play, corrections: readonly PromptMessage[]): Promise<Reply> {
  for (let cuts = 0; ; cuts += 1) {
    const prompt = await play.prompt();
    try {
      return await put(play, prompt, corrections);
    } catch (error) {
      if (!isOverflow(error) || cuts === MOST_CUTS) throw error;
      noteOverflow(play, prompt, error);
    }
  }
}

function noteOverflow({ agent, hooks, options }: Play, prompt: Prompt, error: BackendError): void {
  options.calibration.overflowed(servedModelOf(agent), prompt.tokens, {
    ...error.overflow,
    reserved: reservedFor(agent),
  });
  hooks.onRetry({ attempt: 1, failure: "context", message: error.message, delayMs: 0 });
  hooks.onDelta({ text: "", reset: true });
}

const isOverflow = (error: unknown): error is BackendError =>
  error instanceof BackendError && error.failure === "context";

async function put(
  play: Play,
  prompt: Prompt,
  corrections: readonly PromptMessage[],
): Promise<Reply> {
  const { agent, hooks, options, move, meter, onLeftOut } = play;
  const request = {
    system: prompt.system,
    tools: prompt.tools,
    messages: [...prompt.messages, ...corrections],
    toolChoice: move.kind === "review" ? ("required" as const) : ("auto" as const),
    signal: hooks.signal,
    deadline: play.deadline + (meter.read().queuedMs ?? 0),
    ...(options.turnStartedAt !== undefined && { turnStartedAt: options.turnStartedAt }),
    ...(options.cacheKey !== undefined && { cacheKey: options.cacheKey }),
    ...(options.cache && { cacheLife: options.cache.life }),
  };
  hooks.signal.throwIfAborted();
  meter.begin(prompt.tokens);
  const reply = await ask(agent.backend, request, { ...hooks, meter, onLeftOut });
  if (corrections.length === 0) learn(play, prompt, reply);
  return reply;
}

/** Files are billed by other rules, so prompts with files do not calibrate the text estimate. */
function learn({ agent, options, move }: Play, prompt: Prompt, reply: Reply): void {
  if (reply.usage && !reply.takenOver) {
    const { cached: read, cacheWritten } = reply.usage;
    const tokens = { read, kept: read + cacheWritten };
    options.calibration.cached(cacheOf(agent, options, move), tokens, options.clock.now());
  }
  const hasFiles = prompt.messages.some(({ parts }) => parts.some(({ type }) => type === "file"));
  if (hasFiles || reply.takenOver || !reply.usage) return;
  options.calibration.learn(servedModelOf(agent), prompt.estimated, reply.usage.input);
}

/** Appends the model's quoted reply and the correction, so that the prompt prefix stays cached. */
function correction(reply: Reply, kind: CorrectionKind, play: Play): PromptMessage {
  const { options, move } = play;
  const { fence } = createFences(options.conversation.fenceCode);
  const calls = reply.calls.map((call) => `${call.name}(${call.arguments})`);
  const quoted = cutMiddle([reply.text, ...calls].join("\n").trim(), MOST_QUOTED_BYTES);
  const parts = quoted === "" ? [] : [fence("your-reply", quoted)];
  const labels = move.shown.map(({ label }) => label).join(", ");
  const words = CORRECTIONS[kind].replace("{labels}", labels);
  return { role: "user", parts: [{ type: "text", text: [...parts, words].join("\n\n") }] };
}

/** People are told minutes, so shorter waits are not told. */
const SHORTEST_TOLD_MS = 60_000;

function failed(error: unknown, { meter, options }: Play): MoveResult {
  const usage = meter.read();
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof BackendError)) {
    return { kind: "failed", failure: "bad_request", message, usage };
  }
  const { failure, reason, retryAfterMs = 0 } = error;
  const until = retryAfterMs < SHORTEST_TOLD_MS ? undefined : options.wallClock?.();
  return {
    kind: "failed",
    failure,
    message,
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { until: Math.round(until + retryAfterMs) }),
    usage,
  };
}
