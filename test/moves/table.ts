import type { Backend, BackendEvent, PromptMessage } from "../../src/backends/backend.ts";
import { createCalibration } from "../../src/context/calibration.ts";
import type { MoveHooks, MoveRequest, MoveRetry } from "../../src/coordination/move.ts";
import { Policy } from "../../src/coordination/policy.ts";
import { RevisionId } from "../../src/coordination/turn-event.ts";
import { AgentId } from "../../src/ids.ts";
import { createMoves } from "../../src/moves/create-moves.ts";
import type { MovesOptions } from "../../src/moves/moves-options.ts";
import { createScriptedBackend, done, type Step, text } from "../backends/scripted-backend.ts";
import { asks, talk, textOf } from "../context/conversations.ts";
import { createFakeClock } from "../support/fake-clock.ts";

export const nova = AgentId.parse("nova");
const other = AgentId.parse("other");

export const call = (name: string, args: unknown): BackendEvent => ({
  type: "tool_call",
  name,
  arguments: typeof args === "string" ? args : JSON.stringify(args),
});

export const move = (kind: MoveRequest["kind"], extra: Partial<MoveRequest> = {}): MoveRequest => ({
  id: `nova:${kind}:1`,
  agent: nova,
  kind,
  shown: kind === "answer" ? [] : [shown("B", "Seven."), shown("C", "Eight."), shown("A", "Nine.")],
  mayRevise: kind === "review",
  steering: 0,
  ...extra,
});

const shown = (label: string, answer: string) => ({
  revision: RevisionId.parse(`${label.toLowerCase()}.1`),
  label,
  text: answer,
  own: label === "A",
});

/** A team at its first request; `scripts` are what nova's model does, call by call. */
export function seat(
  scripts: readonly (readonly Step[])[] | Backend,
  extra: Partial<MovesOptions> = {},
) {
  const clock = createFakeClock();
  const backend = "ask" in scripts ? scripts : createScriptedBackend(clock, scripts);
  const agent = {
    id: nova,
    instructions: "You are terse.",
    backend,
    facts: { contextWindow: 100_000, maxOutputTokens: 4000 },
    cost: ({ input, output }: { input: number; output: number }) => input * 1e-6 + output * 2e-6,
  };
  const options: MovesOptions = {
    agents: [agent, { ...agent, id: other }],
    policy: Policy.parse({}),
    conversation: talk(asks("How many?")),
    inbox: () => [],
    calibration: createCalibration(),
    clock,
    signal: new AbortController().signal,
    ...extra,
  };
  return { clock, options, moves: createMoves(options), ...listening() };
}

function listening() {
  const controller = new AbortController();
  const retries: MoveRetry[] = [];
  let streamed = "";
  const hooks: MoveHooks = {
    signal: controller.signal,
    onRetry: (retry) => void retries.push(retry),
    onUsage: () => {},
    onQueued: () => {},
    onSent: () => {},
    onDelta: (delta) => {
      streamed = delta.reset ? "" : streamed + delta.text;
    },
  };
  return { hooks, retries, streamed: () => streamed, abort: () => controller.abort() };
}

/** Plays one move against these calls and returns its result with what was asked. */
export async function play(
  request: MoveRequest,
  scripts: readonly (readonly Step[])[],
  extra: Partial<MovesOptions> = {},
) {
  const clock = createFakeClock();
  const backend = createScriptedBackend(clock, scripts);
  const table = seat(backend, { clock, ...extra });
  const result = await table.moves.start(request, table.hooks);
  const { usage, ...outcome } = result;
  return { ...table, result, outcome, usage, requests: backend.requests };
}

export const says = (words: string): readonly Step[] => [text(words), done];
export const callsFor = (...calls: readonly BackendEvent[]): readonly Step[] => [...calls, done];
export const silent: readonly Step[] = [done];

export const lastText = (messages: readonly PromptMessage[] | undefined): string =>
  textOf(messages?.at(-1));

export const scores = (record: Readonly<Record<string, number>>) =>
  Object.entries(record).map(([answer, score]) => ({ answer, score }));
