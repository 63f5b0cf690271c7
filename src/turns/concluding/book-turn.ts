import { advance } from "../../coordination/advance.ts";
import { committed } from "../../coordination/spending.ts";
import type { EventOf } from "../../coordination/turn-event.ts";
import type { Usage } from "../../coordination/usage.ts";
import type { TurnState } from "../../coordination/turn-state.ts";
import type { Store } from "../../store/store.ts";
import type { UsageRow } from "../../store/tables/usage.ts";
import type { Turn } from "../../store/tables/turn.ts";
import { modelName } from "../../track-records/model-name.ts";
import { recordTurn } from "../../track-records/record-turn.ts";
import type { TurnRecord } from "../../track-records/turn-record.ts";
import type { TurnTeam } from "../team-snapshot.ts";

/** The name of the router in usage rows; no agent can have it. */
export const ROUTER = "(router)";

export interface BookedTeam {
  /** Null: this version cannot read the team, so the models are unknown. */
  readonly team: TurnTeam | null;
  readonly routerModel: string | null;
}

/**
 * Records the usage of a turn in the usage table and on the meters of its budgets, and what it says about its models, in one transaction. Idempotent.
 * No move may still be running: see `interruptions`.
 */
export const bookTurn = (
  store: Pick<Store, "tx">,
  turn: Turn,
  state: TurnState,
  team: BookedTeam,
): Promise<void> =>
  store.tx(async (inside) => {
    await inside.usage.record(usageRows(turn, state, team));
    // It cost nothing, not even a turn.
    if (state.isTurnQueued) await inside.budgets.withdraw(turn.id);
    else await inside.budgets.settle(turn.id, committed(state));
    const record = trackRecord(state, team.team);
    if (record) await inside.trackRecords.add(turn.id, turn.conversation, record);
  });

/** What an answered turn says about its models; null: nothing, or they are unknown. */
function trackRecord(state: TurnState, team: TurnTeam | null): TurnRecord | null {
  if (state.outcome !== "answered" || !team) return null;
  const models = new Map(team.agents.map(({ id, backend }) => [id, modelName(backend)]));
  return recordTurn(state, (agent) => models.get(agent) ?? "");
}

/** The events that end moves whose process died. */
export const interruptions = (state: TurnState): readonly EventOf<"move_aborted">[] =>
  state.agents.flatMap(({ id: agent, move }) =>
    move
      ? [{ type: "move_aborted", at: state.now, agent, move: move.id, cause: "interrupted" }]
      : [],
  );

/** The state after all running moves are interrupted. */
export const interrupted = (state: TurnState): TurnState =>
  interruptions(state).reduce(advance, state);

function usageRows(turn: Turn, state: TurnState, { team, routerModel }: BookedTeam): UsageRow[] {
  const { id, conversation, person } = turn;
  const modelOf = (agent: string) =>
    team?.agents.find((member) => member.id === agent)?.backend.model ?? "";
  const all = [
    ...state.agents.map((agent) => ({
      agent: agent.id as string,
      model: modelOf(agent.id),
      usage: agent.usage,
    })),
    ...(state.routerUsage
      ? [{ agent: ROUTER, model: routerModel ?? "", usage: state.routerUsage }]
      : []),
  ];
  return all
    .filter(({ usage }) => usage.input + usage.output > 0)
    .map(({ agent, model, usage }) => ({
      turn: id,
      conversation,
      person,
      agent,
      model,
      ...tokensOf(usage),
    }));
}

const tokensOf = ({ input, cached, output, costUsd, ...more }: Usage) => ({
  input,
  cached,
  cacheWritten: more.cacheWritten ?? 0,
  cacheWrittenLong: more.cacheWrittenLong ?? 0,
  output,
  costUsd,
  estimated: more.estimated ?? 0,
});
