import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { type Backend, BackendError, type BackendRequest, type TokenUsage } from "../backend.ts";
import type { SimulatedStyle } from "../config.ts";
import { compose, type Reply } from "./compose.ts";
import { createOutage } from "./outage.ts";
import { stream } from "./pace.ts";
import { readPrompt, type ReadPrompt } from "./read-prompt.ts";
import { asksForRoute, route } from "./route.ts";
import { seededRandom } from "./seeded-random.ts";

/** The `options` of a simulated backend in a team file. */
const SimulatedOptions = z.strictObject({
  pace: z
    .number()
    .nonnegative()
    .default(1)
    .describe("How slow it is, against a real model; 0: at once."),
  seed: z.union([z.string(), z.number()]).default("").describe("Another one, another timing."),
});

export interface SimulatedBackendOptions {
  readonly model: string;
  readonly clock: Clock;
  readonly style?: SimulatedStyle | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

const BYTES_PER_TOKEN = 4;
// Like the large providers, do not cache shorter prompts.
const LEAST_CACHED = 1024;

const tokensOf = (texts: readonly string[]): number =>
  Math.ceil(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / BYTES_PER_TOKEN);

const textsOf = ({ system, messages }: Pick<BackendRequest, "system" | "messages">) => [
  ...system,
  ...messages.flatMap(({ parts }) =>
    parts.map((part) => (part.type === "text" ? part.text : part.name)),
  ),
];

/** The usage that a real model might report. */
function usageOf(request: BackendRequest, reply: Reply, isFirstMove: boolean): TokenUsage {
  const marked = request.messages.slice(0, request.messages.findLastIndex((m) => m.cache) + 1);
  const prefix = tokensOf(textsOf({ ...request, messages: marked }));
  const isCached = !isFirstMove && prefix >= LEAST_CACHED;
  return {
    input: tokensOf(textsOf(request)),
    cached: isCached ? prefix : 0,
    cacheWritten: 0,
    output: tokensOf([reply.type === "text" ? reply.text : reply.arguments]),
  };
}

/**
 * A simulated model: offline, deterministic, and marked as simulated. It answers from the thread (facts that people stated, calculations,
 * choices) in its persona's style, and reviews, votes, revises and fails like a real model.
 */
export function createSimulatedBackend(settings: SimulatedBackendOptions): Backend {
  const { model, clock, style = "careful" } = settings;
  const parsed = SimulatedOptions.safeParse(settings.options ?? {});
  const outage = createOutage();
  return {
    kind: "simulated",
    model,
    provider: null,
    async *ask(request) {
      request.signal.throwIfAborted();
      if (!parsed.success) throw badOptions(parsed.error);
      const prompt = readPrompt(request);
      const { pace: factor, seed } = parsed.data;
      const random = seededRandom(JSON.stringify([seed, model, style, textsOf(request)]));
      yield { type: "alive" };
      if (style === "outage") outage.strike(prompt);
      const reply = replyTo(request, prompt, style);
      yield* stream(reply, { clock, random, factor, signal: request.signal });
      const usage = usageOf(request, reply, prompt.kind === "answer");
      yield { type: "done", finish: reply.type === "text" ? "stop" : "tool", usage };
    },
  };
}

const replyTo = (request: BackendRequest, prompt: ReadPrompt, style: SimulatedStyle): Reply =>
  asksForRoute(request) ? { type: "text", text: route(prompt) } : compose(style, prompt);

const badOptions = (error: z.ZodError): BackendError =>
  new BackendError(
    "bad_request",
    `The options of a simulated backend are pace and seed: ${z.prettifyError(error)}`,
  );
