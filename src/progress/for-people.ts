import type { AgentState, TurnState } from "../coordination/turn-state.ts";
import { type ConversationId, parseConversationId, platformKind } from "../ids.ts";

/** Variables that operators set, and keys of team files. */
const SETTINGS =
  /\b[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:KEY|URL|TOKEN|SECRET|PASSWORD)\b|\b(?:PARLEY|SLACK|DISCORD)_[A-Z_]+\b|\bapi_key\b|\bbase_url\b/;

/** Where servers are: URLs, addresses with or without a port, names that could not be looked up. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/(?:\s+(?:at|to))?\s*\bhttps?:\/\/[^\s"'<>),;]+[^\s"'<>),;.:]/gi, ""],
  [/\s+(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g, ""],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\s+\S+/g,
    "$1",
  ],
];

/** A failure's words without the operator's variables and hosts. */
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
 * A turn as the people of its conversation may see it: what failed, but not which variables to set nor where servers are. The log has that,
 * and the terminal, which is the operator's own.
 */
export const forPeople = (state: TurnState, conversation: ConversationId): TurnState =>
  platformKind(parseConversationId(conversation).platform) === "terminal"
    ? state
    : { ...state, agents: state.agents.map(tellAgent) };
