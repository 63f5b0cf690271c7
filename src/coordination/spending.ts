import type { AgentId } from "../ids.ts";
import { liveAgents, tokensOf } from "./selectors.ts";
import type { Estimate, Usage } from "./usage.ts";
import type { AgentState, TurnState } from "./turn-state.ts";

export const NO_USAGE: Usage = { input: 0, cached: 0, output: 0, costUsd: 0, firstTokenMs: null };

/** An unknown price makes the sum unknown; the first token is the first call's. */
export const sumUsage = (a: Usage, b: Usage): Usage => ({
  input: a.input + b.input,
  cached: a.cached + b.cached,
  output: a.output + b.output,
  costUsd: a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd,
  firstTokenMs: a.firstTokenMs ?? b.firstTokenMs,
  ...sumOptional(a, b, "estimated"),
  ...sumOptional(a, b, "queuedMs"),
  ...sumOptional(a, b, "modelMs"),
  ...sumOptional(a, b, "cacheWritten"),
  ...sumOptional(a, b, "cacheWrittenLong"),
  ...sumOtherLife(a, b),
});

/** Calls for which the life made no difference cost the same either way. */
function sumOtherLife(a: Usage, b: Usage): Pick<Usage, "otherLifeCostUsd"> {
  if (a.otherLifeCostUsd === undefined && b.otherLifeCostUsd === undefined) return {};
  const [first, second] = [a, b].map((one) => one.otherLifeCostUsd ?? one.costUsd);
  return typeof first === "number" && typeof second === "number"
    ? { otherLifeCostUsd: first + second }
    : {};
}

type OptionalCount = "estimated" | "queuedMs" | "modelMs" | "cacheWritten" | "cacheWrittenLong";

/** Absent in both: absent in the sum. */
function sumOptional(a: Usage, b: Usage, key: OptionalCount) {
  const sum = (a[key] ?? 0) + (b[key] ?? 0);
  return a[key] === undefined && b[key] === undefined ? {} : { [key]: sum };
}

/** Records the usage of the router. */
export const spendOnRouting = (state: TurnState, usage: Usage): TurnState => ({
  ...spend(state, usage),
  routerUsage: usage,
});

/** Adds the usage of an ended call. */
const spend = (state: TurnState, usage: Usage): TurnState => ({
  ...state,
  spent: sumUsage(state.spent, usage),
  knownCostUsd: state.knownCostUsd + (usage.costUsd ?? 0),
});

/** Adds the usage of a move, also to its agent. */
export const spendBy = (state: TurnState, id: AgentId, usage: Usage): TurnState =>
  spend(
    withAgent(state, id, (agent) => ({ usage: sumUsage(agent.usage, usage) })),
    usage,
  );

export function withAgent(
  state: TurnState,
  id: AgentId,
  change: (agent: AgentState) => Partial<AgentState>,
): TurnState {
  const agents = state.agents.map((agent) =>
    agent.id === id ? { ...agent, ...change(agent) } : agent,
  );
  return { ...state, agents };
}

/** Usage of ended moves plus estimates of running ones, in tokens and known dollars. */
export function committed(state: TurnState): { tokens: number; costUsd: number } {
  const running = liveAgents(state).flatMap(({ move }) => move?.estimate ?? []);
  return {
    tokens: running.reduce((sum, { tokens }) => sum + tokens, tokensOf(state.spent)),
    costUsd: running.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), state.knownCostUsd),
  };
}

/**
 * The budget that a move's estimate exceeds; an unknown price is checked against `max_tokens` only. The first move of a turn always fits:
 * whoever took the turn on has checked its first answers, and a turn without any would be for nothing.
 */
export function exceeded(
  state: TurnState,
  estimate: Estimate,
): "max_tokens" | "max_cost_usd" | null {
  if (state.started === 0) return null;
  const { max_tokens, max_cost_usd } = state.policy.limits;
  const used = committed(state);
  if (max_tokens !== undefined && used.tokens + estimate.tokens > max_tokens) return "max_tokens";
  const costUsd = used.costUsd + (estimate.costUsd ?? 0);
  return max_cost_usd !== undefined && costUsd > max_cost_usd ? "max_cost_usd" : null;
}
