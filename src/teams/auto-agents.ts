import { type Env, missingKey } from "../backends/keys.ts";
import type { Policy } from "../coordination/policy.ts";
import { AgentId } from "../ids.ts";
import { CURRENT_SEATS, type ProviderSeat } from "./current-models.ts";
import type { Agent } from "./team.ts";

// Three calls of one model only help if each gets a different perspective.
const STANCES = [
  {
    id: "drafter",
    name: "Drafter",
    instructions:
      "Answer the question directly and completely, in the simplest form that is right.",
  },
  {
    id: "checker",
    name: "Checker",
    instructions:
      "Check facts, figures and steps one by one. Say what is uncertain, and what would have to be true for the obvious answer to be wrong.",
  },
  {
    id: "explainer",
    name: "Explainer",
    instructions:
      "Think about what the people in the thread are really after. Weigh the alternatives and explain the choice so that they can act on it.",
  },
];

const seatOf = ({ id, name, backend }: ProviderSeat, instructions: string): Agent => ({
  id: AgentId.parse(id),
  name,
  instructions,
  backend,
  fallback: null,
});

/** The variables that `agents: auto` checks, for messages. */
export const AUTO_KEYS = "OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY";

/**
 * One seat per provider with a key. With one key: three seats with different perspectives. Without keys: none. `solo` needs only the first
 * seat.
 */
export function autoAgents(env: Env, mode: Policy["mode"]): readonly Agent[] {
  const seats = Object.values(CURRENT_SEATS).filter(
    ({ backend }) => missingKey(backend, env) === null,
  );
  const [only] = seats;
  if (mode === "solo") return seats.slice(0, 1).map((seat) => seatOf(seat, ""));
  if (only === undefined || seats.length > 1) return seats.map((seat) => seatOf(seat, ""));
  return STANCES.map(({ id, name, instructions }) =>
    seatOf({ id, name: `${only.name} ${name}`, backend: only.backend }, instructions),
  );
}
