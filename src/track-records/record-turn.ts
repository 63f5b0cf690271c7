import { isPooled } from "../coordination/pooled/claims.ts";
import { evidenceFor, type Reading } from "../coordination/pooled/evidence.ts";
import type { Group } from "../coordination/pooled/groups.ts";
import { authorsOf } from "../coordination/pooled/merit.ts";
import { standingGroups } from "../coordination/tally.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";
import type { TurnRecord } from "./turn-record.ts";

/** What an ended turn says about its models; null: it compared no results. `modelOf`: an agent's model as `type/model`. */
export function recordTurn(
  state: TurnState,
  modelOf: (agent: AgentId) => string,
): TurnRecord | null {
  if (!isPooled(state)) return null;
  const groups = standingGroups(state).map(({ answers }) => answers);
  const authors = groups.map((group) => authorsOf(state, group));
  if (authors.flat().length < 2) return null;
  const posted = groups.findIndex((group) =>
    group.some(({ id }) => id === state.closing?.revision),
  );
  const reads = state.agents.map(({ id }) => ({
    model: modelOf(id),
    weight: 1,
    favours: groups.map((group) => favourOf(state, group, id)),
  }));
  return {
    results: authors.map((agents) => agents.map(modelOf)),
    posted: posted < 0 ? null : posted,
    reads: [...reads, ...peopleIn(state, groups)].filter(({ favours }) =>
      favours.some((favour) => favour !== null),
    ),
  };
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;

function favourOf(state: TurnState, group: Group, reviewer: AgentId): number | null {
  const own = group.flatMap(({ id }) =>
    evidenceFor(state, id).readings.filter((reading) => reading.reviewer === reviewer),
  );
  return meanOf(own.map(({ sum, reads }: Reading) => sum / reads));
}

/** All people who preferred an answer, as one. */
function peopleIn(state: TurnState, groups: readonly Group[]): TurnRecord["reads"] {
  const said = groups.map((group) => group.map(({ id }) => evidenceFor(state, id).people));
  const weight = Math.max(0, ...said.flat().map((people) => people.weight));
  if (weight === 0) return [];
  const favours = said.map((some) =>
    meanOf(some.flatMap((people) => (people.weight === 0 ? [] : people.sum / people.weight))),
  );
  return [{ model: null, weight, favours }];
}
