import { parseConversationId } from "../../ids.ts";
import { nearest } from "../../text/nearest.ts";
import { findAgents, NO_SEATS, type Seat, type Seats } from "../../teams/seats.ts";
import type { Team } from "../../teams/team.ts";
import type { TeamsThere } from "../../tenants/visible-teams.ts";
import { code, typed } from "../../text/spelling.ts";
import { plain, privately, publicly, refused } from "./compose-reply.ts";
import { agentsTable } from "./describe-team.ts";
import type { Asker, CommandPorts } from "../ports.ts";
import type { CommandReply } from "../../reply.ts";
import { teamHere, teamHereOrWhy, teamsThere, signedBy } from "./team-commands.ts";

type Ports = Pick<CommandPorts, "teams" | "bindings">;

const namesOf = (seats: readonly Seat[]) => seats.map(({ agent }) => plain(agent.name)).join(", ");

/** The bound team with all agents of its file. */
const wholeTeam = (teams: TeamsThere, seated: Team): Team => teams.get(seated.name) ?? seated;

/** `agents list`. */
export async function agentsList(ports: Ports, asker: Asker): Promise<CommandReply> {
  const { team, seats, notes } = await teamHere(ports, asker);
  const out = wholeTeam(await teamsThere(ports, asker), team).agents.filter(
    ({ id }) => !seats.some(({ ref }) => ref === id),
  );
  const lines = [
    `These agents answer in this thread for the team ${plain(team.title)}.`,
    ...(out.length > 0 ? [`- Left out here: ${out.map(({ id }) => code(id)).join(", ")}`] : []),
    ...notes.map((note) => `- ${plain(note)}`),
  ];
  return privately("Agents", lines, [agentsTable(team.agents)]);
}

const otherAgents = (teams: TeamsThere, team: Team): readonly string[] => [
  ...team.agents.flatMap(({ id, name }) => [id, name]),
  ...teams.list().flatMap(({ team: other }) => other?.agents.map(({ id }) => id) ?? []),
];

/** The agent reference that a word means, or the refusal that says why there is none. */
function refOf(teams: TeamsThere, team: Team, word: string): string | CommandReply {
  const [found, ...more] = findAgents(word, team, teams);
  const absent = team.leftOut.find((one) =>
    [one.id, one.name.toLowerCase()].includes(word.toLowerCase()),
  );
  if (found === undefined && absent) {
    return refused(`${plain(absent.name)} cannot take part`, [
      "It is not set up here: its API key is missing. The people who run Parley can set it.",
    ]);
  }
  if (found === undefined) {
    const near = nearest(word, otherAgents(teams, team));
    return refused(`There is no agent “${plain(word)}”`, [
      near === null
        ? `${typed("team show TEAM")} lists a team's agents.`
        : `Did you mean ${code(near)}?`,
    ]);
  }
  if (more.length === 0) return found.ref;
  const refs = [found, ...more].map(({ ref }) => code(ref));
  return refused(`Which ${plain(word)}?`, [`Several agents match: ${refs.join(", ")}.`]);
}

/** The seat whose id or name a word is. */
const seatCalled = (seats: readonly Seat[], word: string) =>
  seats.find(({ ref, agent }) =>
    [ref, agent.id, agent.name].some((name) => name.toLowerCase() === word.toLowerCase()),
  );

/** A requested change of the seats. */
interface SeatChange {
  readonly name: "agents add" | "agents drop" | "agents only";
  readonly agents: readonly string[];
}

const without = (list: readonly string[], gone: readonly string[]) =>
  list.filter((item) => !gone.includes(item));

const CHANGES: Readonly<
  Record<SeatChange["name"], (refs: readonly string[], team: Team) => (seats: Seats) => Seats>
> = {
  "agents add": (refs, team) => (seats) => {
    const own = team.agents.map(({ id }): string => id);
    const seated = new Set([...(seats.only ?? own), ...seats.add]);
    return {
      ...seats,
      drop: without(seats.drop, refs),
      add: [...seats.add, ...refs.filter((ref) => !seated.has(ref))],
    };
  },
  "agents drop": (refs) => (seats) => ({
    only: seats.only && without(seats.only, refs),
    add: without(seats.add, refs),
    drop: [...new Set([...seats.drop, ...refs])],
  }),
  "agents only": (refs) => () => ({ only: [...refs], add: [], drop: [] }),
};

const isReply = (value: string | CommandReply): value is CommandReply => typeof value !== "string";

/** `agents add|drop|only`. */
export async function agentsChange(
  ports: Ports,
  asker: Asker,
  { name, agents }: SeatChange,
): Promise<CommandReply> {
  const here = await teamHere(ports, asker);
  const teams = await teamsThere(ports, asker);
  const team = wholeTeam(teams, here.team);
  const found = agents.map((word) => {
    const seat = name === "agents drop" ? seatCalled(here.seats, word) : undefined;
    return seat?.ref ?? refOf(teams, team, word);
  });
  const reply = found.find(isReply);
  if (reply) return reply;
  const refs = found.filter((ref): ref is string => typeof ref === "string");
  if (name === "agents drop" && here.seats.every(({ ref }) => refs.includes(ref))) {
    return refused("At least one agent has to stay", [
      `${typed("agents list")} lists the agents of this thread.`,
    ]);
  }
  return seat(ports, asker, CHANGES[name](refs, team));
}

/** `agents reset`. */
export const agentsReset = (ports: Ports, asker: Asker): Promise<CommandReply> =>
  seat(ports, asker, () => NO_SEATS);

async function seat(ports: Ports, asker: Asker, change: (seats: Seats) => Seats) {
  await ports.bindings.seat(parseConversationId(asker.conversation), change, signedBy(asker));
  const now = await teamHereOrWhy(ports, asker);
  return publicly("Agents changed in this thread", [
    "why" in now
      ? `Nobody answers here: ${now.why}`
      : `From the next message on: ${namesOf(now.here.seats)}, for the team ${plain(now.here.team.title)}.`,
  ]);
}
