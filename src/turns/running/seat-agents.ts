import type { Backend } from "../../backends/backend.ts";
import { takesCacheLife } from "../../backends/cache-life.ts";
import type { Catalogue } from "../../backends/catalogue.ts";
import type { BackendConfig } from "../../backends/config.ts";
import type { Env } from "../../backends/keys.ts";
import { expectedOutput } from "../../backends/expected-output.ts";
import type { Backends } from "../../backends/index.ts";
import type { OutputHistory } from "../../backends/output-history.ts";
import type { MoveAgent } from "../../moves/moves-options.ts";
import type { TurnTeam } from "../team-snapshot.ts";

/** Turns the configuration of a team into agents with backends. */
export interface Seating {
  readonly backends: Backends;
  readonly catalogue: Catalogue;
  /** The API keys to use; default: those of the installation. */
  readonly env?: Env | null;
  /** What models wrote so far. Default: nothing is measured. */
  readonly outputs?: OutputHistory | null | undefined;
}

export function seatAgents(
  team: TurnTeam,
  { backends, catalogue, env = null, outputs = null }: Seating,
): readonly MoveAgent[] {
  const { limits } = team.policy;
  return team.agents.map(({ id, instructions, backend, fallback }) => ({
    id,
    instructions,
    backend: backends.create(backend, { limits, fallback, env }),
    baseUrl: backend.base_url,
    facts: smallest(catalogue, backend, fallback),
    cost: (usage) => catalogue.cost(backend, usage),
    expectedOutput: (kind) => expectedOutput(backend, kind, { catalogue, outputs }),
    takesCacheLife: takesCacheLife(backend, catalogue.provider(backend)),
    ...(fallback && { fallbackCost: (usage) => catalogue.cost(fallback, usage) }),
  }));
}

/** A prompt must fit whichever of the two backends reads it. */
function smallest(catalogue: Catalogue, backend: BackendConfig, fallback: BackendConfig | null) {
  const facts = [backend, ...(fallback ? [fallback] : [])].map((config) => catalogue.facts(config));
  return {
    contextWindow: Math.min(...facts.map(({ contextWindow }) => contextWindow)),
    maxOutputTokens: Math.min(...facts.map(({ maxOutputTokens }) => maxOutputTokens)),
  };
}

/** The router of a team: the one it names, else the cheapest of its own backends by catalogue, the first where no price is known. */
export const routerOf = (team: TurnTeam, catalogue: Catalogue): BackendConfig | undefined =>
  team.router ??
  cheapest(
    team.agents.map(({ backend }) => backend),
    catalogue,
  );

export function seatRouter(team: TurnTeam, { backends, catalogue, env = null }: Seating) {
  const config = routerOf(team, catalogue);
  if (!config) return null;
  const backend: Backend = backends.create(config, { limits: team.policy.limits, env });
  return {
    backend,
    cost: (usage: Parameters<MoveAgent["cost"]>[0]) => catalogue.cost(config, usage),
  };
}

const TYPICAL_CALL = { input: 1_000, cached: 0, cacheWritten: 0, output: 100 };

function cheapest(
  configs: readonly BackendConfig[],
  catalogue: Catalogue,
): BackendConfig | undefined {
  const priced = configs.map((config) => ({
    config,
    cost: catalogue.cost(config, TYPICAL_CALL) ?? Number.POSITIVE_INFINITY,
  }));
  return priced.reduce<(typeof priced)[number] | undefined>(
    (best, next) => (best && best.cost <= next.cost ? best : next),
    undefined,
  )?.config;
}
