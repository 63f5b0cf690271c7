import type { BackendConfig } from "../backends/config.ts";
import type { LoggedInProgram } from "../backends/cli/logged-in-programs.ts";
import { type Env, missingKey } from "../backends/keys.ts";
import type { Policy } from "../coordination/policy.ts";
import { AgentId } from "../ids.ts";
import { CURRENT_SEATS, PROGRAM_SEATS, type ProviderSeat } from "./current-models.ts";
import type { LocalModel } from "./local-models.ts";
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

/** At most this many models answer: each is loaded into memory. */
const MOST_LOCAL = 3;

const seatsOf = (found: readonly LocalModel[]): readonly Agent[] =>
  found
    .slice(0, MOST_LOCAL)
    .reduce<readonly Agent[]>((seats, { model, baseUrl, contextWindow }) => {
      const name = model.split("/").at(-1)?.slice(0, 40) ?? model;
      const plain = name
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+/, "")
        .replace(/-$/, "");
      const base = plain.slice(0, 28) || "local";
      const id = seats.some((seat) => seat.id === base) ? `${base}-${seats.length + 1}` : base;
      const backend: BackendConfig = {
        type: "compatible",
        model,
        base_url: baseUrl,
        context_window: contextWindow,
        price: { input: 0, output: 0 },
      };
      const seat: Agent = {
        id: AgentId.parse(id),
        name,
        instructions: "",
        backend,
        fallback: null,
      };
      return [...seats, seat];
    }, []);

/** Local models load one after the other and write slowly, s. */
export const LOCAL_LIMITS = {
  gather: 120,
  first_sign: 300,
  idle: 120,
  move_timeout: 600,
  turn_timeout: 1800,
} as const;

/** The variables that `agents: auto` checks, for messages. */
export const AUTO_KEYS = "OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY";

/** What this machine offers without a key. */
export interface FoundLocally {
  readonly models: readonly LocalModel[];
  readonly programs: readonly LoggedInProgram[];
}

const NOTHING_FOUND: FoundLocally = { models: [], programs: [] };

/**
 * One seat per provider with a key, or with a program that is logged in. With one seat: three seats with different perspectives. Without any: one
 * for each of the first local models. `solo` needs only the first seat.
 */
export function autoAgents(
  env: Env,
  mode: Policy["mode"],
  { models, programs } = NOTHING_FOUND,
): readonly Agent[] {
  const seats = Object.entries(CURRENT_SEATS).flatMap(([provider, seat]): ProviderSeat[] => {
    if (missingKey(seat.backend, env) === null) return [seat];
    const program = PROGRAM_SEATS[provider];
    return program && programs.some(({ type }) => type === program.backend.type) ? [program] : [];
  });
  const [only] = seats;
  if (only === undefined) return seatsOf(mode === "solo" ? models.slice(0, 1) : models);
  if (mode === "solo") return seats.slice(0, 1).map((seat) => seatOf(seat, ""));
  if (seats.length > 1) return seats.map((seat) => seatOf(seat, ""));
  return STANCES.map(({ id, name, instructions }) =>
    seatOf({ id, name: `${only.name} ${name}`, backend: only.backend }, instructions),
  );
}
