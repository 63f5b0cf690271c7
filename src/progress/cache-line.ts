import type { CacheChoice, CacheLife } from "../coordination/cache-life.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import { formatDuration, formatMoney } from "./format.ts";

const LIVES: Readonly<Record<CacheLife, string>> = { "5m": "5 min", "1h": "1 h" };

/** How long providers keep the prompts, why, and what the turn costs with either life; nothing if they decide themselves. */
export function cacheLines({ cache, spent }: TurnState): readonly string[] {
  if (!cache) return [];
  const { costUsd, otherLifeCostUsd } = spent;
  const other = LIVES[cache.life === "1h" ? "5m" : "1h"];
  const costs =
    costUsd === null
      ? ""
      : otherLifeCostUsd === undefined
        ? `; this turn costs the same with ${other}`
        : `: this turn costs ${formatMoney(costUsd)}, with ${other} about ${formatMoney(otherLifeCostUsd)}`;
  return [`- Providers cache the prompts for ${LIVES[cache.life]}, ${reasonFor(cache)}${costs}`];
}

function reasonFor({ by, paceMs }: CacheChoice): string {
  if (by === "team") return "as the team's file says";
  return paceMs === null
    ? "because the pace of this thread is not known yet"
    : `because messages come about ${formatDuration(paceMs)} after an answer`;
}
