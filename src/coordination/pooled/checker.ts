import { liveAgents, scorersOf } from "../selectors.ts";
import type { AgentState, TurnState } from "../turn-state.ts";
import { claimsAgree } from "./claims.ts";

/**
 * Whether an agent need not review, because all answers claim the same: one reviewer that did not write the newest answer is enough to choose the
 * text. `canRead`: the agent has something to read.
 */
export function isSpared(
  state: TurnState,
  agent: AgentState,
  canRead: (agent: AgentState) => boolean,
): boolean {
  if (!claimsAgree(state)) return false;
  const newest = state.revisions.at(-1);
  const isRead = newest && scorersOf(state, newest.id).some((id) => id !== newest.agent);
  const isBeingRead = state.agents.some(({ move }) => move?.kind === "review");
  if (isRead || isBeingRead) return true;
  const [checker] = liveAgents(state)
    .filter((one) => one.id !== newest?.agent && one.hasAnswered && canRead(one))
    .filter((one) => one.asked.review < state.policy.limits.rounds)
    // Labels are dealt anew in every turn.
    .toSorted((a, b) => a.label.localeCompare(b.label));
  return checker !== undefined && checker.id !== agent.id;
}
