import { z } from "zod";
import { AgentId } from "../ids.ts";
import type { TeamBook } from "./team-book.ts";
import type { Agent, Team } from "./team.ts";

/**
 * Who sits at a thread's table in place of the team's own agents. An agent is written `id`, or `team/id` when it is another team's.
 * `only` replaces the team's agents; then `drop` takes away and `add` brings in.
 */
export const Seats = z.object({
  only: z.array(z.string()).nullable().default(null),
  add: z.array(z.string()).default([]),
  drop: z.array(z.string()).default([]),
});
export type Seats = z.infer<typeof Seats>;

export const NO_SEATS: Seats = { only: null, add: [], drop: [] };

/** An agent, found in a team file. */
export interface FoundAgent {
  /** How seats write it. */
  readonly ref: string;
  readonly agent: Agent;
}

const isCalled = (agent: Agent, word: string) =>
  agent.id === word || agent.name.toLowerCase() === word;

/** The agents that a word may mean, the team's own before all others; `team/id` asks for one team's. */
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
  /** How seats write it. */
  readonly ref: string;
  readonly agent: Agent;
}

/** Guests keep their id unless a seat of the team has it. */
function withFreeId({ ref, agent }: Seat, taken: readonly Seat[]): Seat {
  const ids = new Set<string>(taken.map((seat) => seat.agent.id));
  let [id, count]: [string, number] = [agent.id, 1];
  while (ids.has(id)) {
    count += 1;
    id = `${agent.id.slice(0, 28)}-${count}`;
  }
  return { ref, agent: { ...agent, id: AgentId.parse(id) } };
}

/** A team with a thread's seats, and a sentence for each wish that could not be met. */
export interface Seated {
  readonly team: Team;
  /** Beside `team.agents`, in their order. */
  readonly seats: readonly Seat[];
  readonly notes: readonly string[];
}

/** Seats a team as a thread wants it. Agents that are gone are left out; if none is left, the team sits as its file has it. */
export function seatTeam(team: Team, wanted: Seats, book: Pick<TeamBook, "list">): Seated {
  const notes = team.leftOut.map((name) => `${name} is left out: it is not set up here`);
  const find = (ref: string): readonly Seat[] => {
    const [found] = findAgents(ref, team, book);
    if (!found) notes.push(`agent ${ref} is in no team file any more`);
    return found ? [{ ref, agent: found.agent }] : [];
  };
  const own = team.agents.map((agent) => ({ ref: agent.id, agent }));
  const seats = [...(wanted.only?.flatMap(find) ?? own), ...wanted.add.flatMap(find)]
    .filter(({ ref }) => !wanted.drop.includes(ref))
    .filter((seat, index, all) => all.findIndex(({ ref }) => ref === seat.ref) === index)
    .reduce<readonly Seat[]>((all, seat) => [...all, withFreeId(seat, all)], []);
  if (seats.length === 0) {
    return { team, seats: own, notes: [...notes, "no agent was left, so the whole team answers"] };
  }
  return { team: { ...team, agents: seats.map(({ agent }) => agent) }, seats, notes };
}
