import { z } from "zod";
import type { Backend } from "../backends/backend.ts";
import type { Clock } from "../clock.ts";
import { estimateHead, estimateMessage } from "../context/estimate.ts";
import { renderThread } from "../context/render-thread.ts";
import type { Conversation } from "../conversation/message.ts";
import type { MoveHooks } from "../coordination/move.ts";
import { untilAborted } from "../timers.ts";
import type { Usage } from "../coordination/usage.ts";
import { ask, type Reply } from "./ask.ts";
import { type Cost, createMeter, type Meter } from "./meter.ts";
import { ROUTER_RULES, ROUTER_TASK } from "./words.ts";

export interface RouteOptions {
  readonly conversation: Conversation;
  readonly cost: Cost;
  readonly clock: Clock;
  /** Aborted at the router's timeout. */
  readonly signal: AbortSignal;
  readonly cacheKey?: string | undefined;
  readonly turnStartedAt?: number | undefined;
  readonly hooks: Pick<MoveHooks, "onUsage" | "onQueued" | "onSent">;
  /** Called when the router makes no decision, with the reason. */
  readonly onFailure?: ((why: string) => void) | undefined;
}

/** The content of a `turn_routed` event. */
export interface Route {
  readonly mode: "solo" | "team";
  readonly reason: string;
  readonly usage: Usage | null;
}

const RECENT = 3;
// The start and end of a long message suffice for the decision.
const REQUEST_TOKENS = 2000;
const RECENT_TOKENS = 500;
const OUTPUT_TOKENS = 1000;
const LONGEST_REASON = 200;

/** Asks the router, in one cheap call, whether a request needs the team. Never rejects: any failure means `team`. */
export function routeRequest(backend: Backend, options: RouteOptions): Promise<Route> {
  const meter = createMeter(options);
  const answered = untilAborted(route(backend, options, meter), options.signal, () =>
    toTeam("the router did not answer in time", meter),
  );
  return answered.then((routed) => {
    if (routed.reason.startsWith("the router ")) options.onFailure?.(routed.reason);
    return routed;
  });
}

async function route(backend: Backend, options: RouteOptions, meter: Meter): Promise<Route> {
  const { conversation, signal, cacheKey, turnStartedAt, hooks } = options;
  const thread = renderThread(
    { ...conversation, history: conversation.history.slice(-RECENT) },
    new Map(),
  );
  const recent = thread.history.map((message) => thread.cut(message, { tokens: RECENT_TOKENS }));
  const request = thread.cut(thread.request, { tokens: REQUEST_TOKENS });
  const prompt = {
    system: [ROUTER_RULES],
    messages: [
      ...[...recent, request].map(({ message }) => message),
      { role: "user" as const, parts: [{ type: "text" as const, text: ROUTER_TASK }] },
    ],
    tools: [],
    toolChoice: "auto" as const,
    maxOutputTokens: OUTPUT_TOKENS,
    signal,
    ...(cacheKey !== undefined && { cacheKey }),
    ...(turnStartedAt !== undefined && { turnStartedAt }),
  };
  try {
    meter.begin(Math.ceil(estimateHead(prompt) + sum(prompt.messages.map(estimateMessage))));
    const reply = await ask(backend, prompt, {
      meter,
      ...hooks,
      onRetry: () => {},
      onDelta: () => {},
    });
    return { ...readRoute(reply), usage: meter.read() };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return toTeam(`the router failed: ${why}`, meter);
  }
}

const Decision = z.object({ mode: z.enum(["solo", "team"]), reason: z.string().catch("") });

function readRoute(reply: Reply): Pick<Route, "mode" | "reason"> {
  try {
    const json: unknown = JSON.parse(/\{[^{}]*\}/.exec(reply.text)?.[0] ?? "");
    const { mode, reason } = Decision.parse(json);
    return { mode, reason: reason.replace(/\s+/g, " ").trim().slice(0, LONGEST_REASON) };
  } catch {
    return { mode: "team", reason: "the router gave no readable answer" };
  }
}

/** Books the router's cost even if it made no decision. */
function toTeam(reason: string, meter: Meter): Route {
  const usage = meter.read();
  return { mode: "team", reason, usage: usage.input + usage.output > 0 ? usage : null };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
