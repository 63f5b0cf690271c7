import { certaintyOf, type Certainty } from "../coordination/pooled/certainty.ts";
import type { TurnState } from "../coordination/turn-state.ts";

/** How sure the team is, with names: "All agree", "clear", or split between these results. */
export interface CertaintyView {
  readonly kind: Certainty["kind"];
  /** Best first. */
  readonly results: readonly {
    /** In a few words; null: its answers name none. */
    readonly claim: string | null;
    /** Display names of the agents that came to it. */
    readonly names: readonly string[];
  }[];
}

/** Null while it is unknown, and where equal answers do not count together. Pure. */
export function certaintyView(state: TurnState): CertaintyView | null {
  const certainty = certaintyOf(state);
  if (!certainty) return null;
  const nameOf = (id: string) => state.agents.find((agent) => agent.id === id)?.name ?? id;
  return {
    kind: certainty.kind,
    results: certainty.results.map(({ claim, agents }) => ({ claim, names: agents.map(nameOf) })),
  };
}
