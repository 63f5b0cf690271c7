import type { AgentState, TurnState } from "../coordination/turn-state.ts";
import { type ConversationId, parseConversationId, platformKind } from "../ids.ts";

/** Names of environment variables and team-file keys. */
const SETTINGS =
  /\b[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:KEY|URL|TOKEN|SECRET|PASSWORD)\b|\b(?:PARLEY|SLACK|DISCORD)_[A-Z_]+\b|\bapi_key\b|\bbase_url\b/;

/** Server locations: URLs, addresses with or without a port, host names that failed to resolve. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/(?:\s+(?:at|to))?\s*\bhttps?:\/\/[^\s"'<>),;]+[^\s"'<>),;.:]/gi, ""],
  [/\s+(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g, ""],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\s+\S+/g,
    "$1",
  ],
];

/** A failure message without environment variables and hosts. */
export function withoutOperatorWords(message: string): string {
  const told = message.split(/(?<=[.!?])\s+/).filter((sentence) => !SETTINGS.test(sentence));
  return PLACES.reduce((text, [place, to]) => text.replace(place, to), told.join(" ")).trim();
}

const tell = <T extends { readonly message: string }>(failed: T): T => ({
  ...failed,
  message: withoutOperatorWords(failed.message),
});

const tellAgent = (agent: AgentState): AgentState => ({
  ...agent,
  failed: agent.failed && tell(agent.failed),
  move: agent.move && { ...agent.move, retry: agent.move.retry && tell(agent.move.retry) },
});

/**
 * Redacts a turn for the members of its conversation: shows what failed, but not environment variables or server addresses. The log and the
 * terminal, which the operator uses, show those.
 */
export const forPeople = (state: TurnState, conversation: ConversationId): TurnState =>
  platformKind(parseConversationId(conversation).platform) === "terminal"
    ? state
    : { ...state, agents: state.agents.map(tellAgent) };
