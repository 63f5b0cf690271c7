import { fold } from "../../coordination/advance.ts";
import type { EventOf, TurnEvent } from "../../coordination/turn-event.ts";
import type { TurnState } from "../../coordination/turn-state.ts";
import type { Turn } from "../../store/tables/turn.ts";
import { readSnapshot, type TurnTeam } from "../team-snapshot.ts";

/** The first events of a turn: its start, with the track records that it keeps to its end, and, if people saw it wait for a process, that wait. */
export function openingOf(
  turn: Turn,
  team: TurnTeam,
  skills: Readonly<Record<string, number>> = {},
): readonly TurnEvent[] {
  const { queuedSince, startedAt } = turn;
  const started = startOf(turn, team, skills);
  if (queuedSince === null) return [started];
  const queued = { type: "turn_queued", at: 0 } as const;
  if (startedAt === null) return [started, queued];
  const at = Math.max(0, startedAt - queuedSince);
  const isOver = turn.expiredAt !== null || turn.cancel !== null;
  return [started, queued, { type: isOver ? "time_passed" : "slot_taken", at }];
}

const startOf = (
  { id: turn }: Turn,
  team: TurnTeam,
  skills: Readonly<Record<string, number>>,
): EventOf<"turn_started"> => ({
  type: "turn_started",
  at: 0,
  turn,
  team: team.name,
  title: team.title,
  agents: team.agents.map(({ id, name }) => ({ id, name })),
  policy: team.policy,
  ...(Object.keys(skills).length > 0 && { skills }),
  ...(team.absent.length > 0 && { absent: team.absent }),
});

/** What a turn adds up to that people see wait for a process; null: nobody does, or this version cannot read its team. */
export function queuedState(turn: Turn): TurnState | null {
  const team = readSnapshot(turn.team);
  return team && turn.queuedSince !== null ? fold(openingOf(turn, team)) : null;
}
