import type { AgentState, TurnState } from "../coordination/turn-state.ts";
import { type ConversationId, parseConversationId, platformKind } from "../ids.ts";

const hide = <T extends { readonly message: string }>(failed: T): T => ({ ...failed, message: "" });

const hideIn = (agent: AgentState): AgentState => ({
  ...agent,
  failed: agent.failed && hide(agent.failed),
  move: agent.move && { ...agent.move, retry: agent.move.retry && hide(agent.move.retry) },
});

/**
 * A turn for the members of its conversation: without the providers' words, which name addresses, settings and accounts. The log, the terminal
 * and `why` for the people who run the installation show those.
 */
export const forPeople = (state: TurnState, conversation: ConversationId): TurnState =>
  platformKind(parseConversationId(conversation).platform) === "terminal"
    ? state
    : { ...state, agents: state.agents.map(hideIn) };
