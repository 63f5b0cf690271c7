import { z } from "zod";
import { AgentId } from "../ids.ts";
import type { TeamBook } from "./team-book.ts";
import type { Agent, Team } from "./team.ts";

/**
 * A thread's changes to the team's agents. Agents are written as `id`, or `team/id` for another team. `only` replaces the team's agents; then
 * `drop` removes agents and `add` adds some.
 */
export const Seats = z.object({
  only: z.array(z.string()).nullable().default(null),
  add: z.array(z.string()).default([]),
  drop: z.array(z.string()).default([]),
});
export type Seats = z.infer<typeof Seats>;

export const NO_SEATS: Seats = { only: null, add: [], drop: [] };

/** An agent in a team file. */
export interface FoundAgent {
  /** How seats refer to it. */
  readonly ref: string;
  readonly agent: Agent;
}

const isCalled = (agent: Agent, word: string) =>
  agent.id === word || agent.name.toLowerCase() === word;

/** The agents that match a word, the team's own first; `team/id` names one team's agent. */
export function findAgents(word: string, team: Team, book: Pick<TeamBook, "list">): FoundAgent[] {
  const [first = "", second] = word.toLowerCase().split("/");
  const wanted = second ?? first;
  const own = team.agents.filter((agent) => isCalled(agent, wanted));
  if (own.length > 0 && (second === undefined || first === team.name)) {
    return own.map((agent) => ({ ref: agent.id, agent }));
  }
  return book
    .list()
    .flatMap(({ name, team: other }) =>
      (other?.agents ?? [])
        .filter((agent) => isCalled(agent, wanted) && (second === undefined || first === name))
        .map((agent) => ({ ref: `${name}/${agent.id}`, agent })),
    );
}

/** An agent at a thread's table. */
export interface Seat {
  /** How seats refer to it. */
  readonly ref: string;
  readonly agent: Agent;
}

/** Agents from other teams keep their id unless the team already uses it. */
function withFreeId({ ref, agent }: Seat, taken: readonly Seat[]): Seat {
  const ids = new Set<string>(taken.map((seat) => seat.agent.id));
  let [id, count]: [string, number] = [agent.id, 1];
  while (ids.has(id)) {
    count += 1;
    id = `${agent.id.slice(0, 28)}-${count}`;
  }
  return { ref, agent: { ...agent, id: AgentId.parse(id) } };
}

/** A team with a thread's changes applied. */
export interface Seated {
  readonly team: Team;
  /** Parallel to `team.agents`. Empty if none of the agents that the thread chose can answer. */
  readonly seats: readonly Seat[];
  /** A sentence for each agent of the file or of the thread's choice that cannot take part. */
  readonly absent: readonly string[];
}

/** Applies a thread's changes to a team. Skips agents that are left out or no longer exist. */
export function seatTeam(team: Team, wanted: Seats, book: Pick<TeamBook, "list">): Seated {
  const isWanted = (id: string) => !wanted.drop.includes(id) && (wanted.only?.includes(id) ?? true);
  const absent = team.leftOut
    .filter(({ id }) => isWanted(id))
    .map(({ name }) => `${name} is left out: it is not set up here`);
  const isKnown = (ref: string) => team.leftOut.some(({ id }) => id === ref);
  const find = (ref: string): readonly Seat[] => {
    const [found] = findAgents(ref, team, book);
    if (!found && !isKnown(ref)) absent.push(`agent ${ref} is in no team file any more`);
    return found ? [{ ref, agent: found.agent }] : [];
  };
  const own = team.agents.map((agent) => ({ ref: agent.id, agent }));
  const seats = [...(wanted.only?.flatMap(find) ?? own), ...wanted.add.flatMap(find)]
    .filter(({ ref }) => !wanted.drop.includes(ref))
    .filter((seat, index, all) => all.findIndex(({ ref }) => ref === seat.ref) === index)
    .reduce<readonly Seat[]>((all, seat) => [...all, withFreeId(seat, all)], []);
  return { team: { ...team, agents: seats.map(({ agent }) => agent) }, seats, absent };
}
