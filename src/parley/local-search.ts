import type { LoadedSettings } from "../settings.ts";
import { findLocalModels, formatLocalModels, type LocalModel } from "../teams/local-models.ts";
import type { TeamBook } from "../teams/team-book.ts";

/** Finds the models of this machine, once, if the default team lacks API keys. */
export interface LocalSearch {
  /** What was found so far. */
  readonly models: () => readonly LocalModel[];
  /** Looks, and reads the team files again if there is something. Never rejects. */
  run(book: TeamBook): Promise<void>;
  /** One line about what was found; null: nothing that the default team uses. */
  news(book: TeamBook): string | null;
}

export function createLocalSearch({ settings, env }: LoadedSettings): LocalSearch {
  const { PARLEY_TEAM: team, PARLEY_LOCAL_MODELS: setting = "on" } = settings;
  let found: readonly LocalModel[] = [];
  return {
    models: () => found,
    async run(book) {
      if (!lacksKeys(book, team)) return;
      found = await findLocalModels(setting, env);
      if (found.length > 0) await book.reload();
    },
    news(book) {
      const agents = found.length > 0 ? book.get(team)?.agents : undefined;
      return agents
        ? formatLocalModels(
            found,
            agents.map(({ name }) => name),
          )
        : null;
    },
  };
}

const lacksKeys = (book: TeamBook, team: string): boolean =>
  book.get(team) === null &&
  book
    .list()
    .some(
      ({ name, problems }) =>
        name === team.toLowerCase() && problems.some((p) => p.cause === "keys"),
    );
