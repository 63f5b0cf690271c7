import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { createCatalogue } from "../../../src/backends/catalogue.ts";
import { createConcessionBook } from "../../../src/backends/concessions/ledger.ts";
import { createBackends, loadBackends } from "../../../src/backends/index.ts";
import { systemClock } from "../../../src/clock.ts";
import type { MoveAgent } from "../../../src/moves/moves-options.ts";
import { formatProblem } from "../../../src/teams/files/team-problem.ts";
import { readTeam } from "../../../src/teams/files/read-team.ts";
import type { Team } from "../../../src/teams/team.ts";

/** A team with its agents ready to be asked. */
export interface SeatedTeam {
  readonly team: Team;
  readonly agents: readonly MoveAgent[];
}

/** Reads a team by the path of its file, or by the name of one that Parley ships with. Throws what is wrong with it. */
export async function seatTeam(named: string): Promise<SeatedTeam> {
  const file = /\.ya?ml$/.test(named) ? named : `configs/${named}.yaml`;
  const name = basename(file).replace(/\.ya?ml$/, "");
  const catalogue = createCatalogue();
  const { env } = process;
  const { team, problems } = readTeam(
    { name, file, text: await readFile(file, "utf8") },
    { env, priceKnown: () => true },
  );
  if (!team) throw new Error(problems.map(formatProblem).join("\n"));
  const concessions = createConcessionBook((message) => console.error(message));
  const backends = createBackends({ env, clock: systemClock, catalogue, concessions });
  await loadBackends(
    team.agents.map(({ backend }) => backend),
    env,
  );
  const { limits } = team.policy;
  const agents = team.agents.map(({ id, instructions, backend, fallback }) => ({
    id,
    instructions,
    backend: backends.create(backend, { limits, fallback }),
    facts: catalogue.facts(backend),
    cost: (usage: Parameters<MoveAgent["cost"]>[0]) => catalogue.cost(backend, usage),
    takesCacheLife: false,
  }));
  return { team, agents };
}
