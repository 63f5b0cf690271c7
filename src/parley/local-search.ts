import { findLoggedInPrograms, type LoggedInProgram } from "../backends/cli/logged-in-programs.ts";
import type { LoadedSettings } from "../settings.ts";
import type { FoundLocally } from "../teams/auto-agents.ts";
import { findLocalModels, formatLocalModels, localServers } from "../teams/local-models.ts";
import type { TeamBook } from "../teams/team-book.ts";

/** Finds what this machine offers without API keys, once: programs that are logged in and, if the default team still lacks keys, models. */
export interface LocalSearch {
  /** What was found so far. */
  readonly found: () => FoundLocally;
  /** Looks, and reads the team files again if there is something. Never rejects. */
  run(book: TeamBook): Promise<void>;
  /** One line about what was found; null: nothing that the default team uses. */
  news(book: TeamBook): string | null;
}

export function createLocalSearch({ settings, env }: LoadedSettings): LocalSearch {
  const { PARLEY_TEAM: team, PARLEY_LOCAL_MODELS: setting = "on" } = settings;
  let found: FoundLocally = { models: [], programs: [] };
  const add = async (part: Partial<FoundLocally>, book: TeamBook): Promise<void> => {
    if (Object.values(part).every((list) => list.length === 0)) return;
    found = { ...found, ...part };
    await book.reload();
  };
  return {
    found: () => found,
    async run(book) {
      if (localServers(setting).length > 0) {
        await add({ programs: await findLoggedInPrograms(env) }, book);
      }
      if (lacksKeys(book, team)) await add({ models: await findLocalModels(setting, env) }, book);
    },
    news(book) {
      const agents = book.get(team)?.agents ?? [];
      const seated = found.programs.filter(({ type }) =>
        agents.some(({ backend }) => backend.type === type),
      );
      if (seated.length > 0) return formatPrograms(seated);
      const names = agents.map(({ name }) => name);
      return found.models.length > 0 && agents.length > 0
        ? formatLocalModels(found.models, names)
        : null;
    },
  };
}

const formatPrograms = (programs: readonly LoggedInProgram[]): string =>
  `${programs.map(({ name }) => name).join(" and ")}, as logged in on this machine, takes a seat without an API key. PARLEY_LOCAL_MODELS=off turns this off.`;

const lacksKeys = (book: TeamBook, team: string): boolean =>
  book.get(team) === null &&
  book
    .list()
    .some(
      ({ name, problems }) =>
        name === team.toLowerCase() && problems.some((p) => p.cause === "keys"),
    );
