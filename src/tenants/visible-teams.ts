import type { Env } from "../backends/keys.ts";
import { platformKind } from "../ids.ts";
import type { TeamBook, TeamEntry } from "../teams/team-book.ts";
import type { TeamProblem } from "../teams/files/team-problem.ts";
import type { Team } from "../teams/team.ts";
import { type OwnKeys, type Space, withOwnKeys } from "./own-keys.ts";
import { paidTeam } from "./own-team.ts";

/** The teams of one workspace, or of all. */
export type TeamsThere = Pick<TeamBook, "list" | "get">;

/** What a workspace sees, and what it pays with. */
export interface SpaceTeams extends TeamsThere {
  /** The workspace's own API keys in place of the installation's; null: it has none. */
  readonly ownEnv: Env | null;
}

/** Which teams a workspace may know of. */
export interface TeamDirectory extends Pick<TeamBook, "reload"> {
  /** The teams that a workspace sees: to it there are no others. Rejects when the store does. */
  in(place: Space): Promise<SpaceTeams>;
  /** Every team, for those who run the installation. */
  readonly all: TeamsThere;
}

export interface TeamDirectoryOptions {
  readonly book: Pick<TeamBook, "list" | "get" | "reload" | "readWith">;
  /** Whether several workspaces share the installation. Default: they do not. */
  readonly isMany?: (() => boolean) | undefined;
  /** PARLEY_TEAM. */
  readonly setting?: string | undefined;
  /** Default: workspaces have no keys of their own. */
  readonly keys?: Pick<OwnKeys, "of">;
  readonly env?: Env;
}

const isNamedIn = (spaces: readonly string[], { platform, space }: Space): boolean =>
  spaces.some((name) =>
    ["all", `${platform}:*`, `${platform}:${space}`.toLowerCase()].includes(name.toLowerCase()),
  );

/** Whether a team file names this very workspace. */
const isOwnOf = ({ spaces }: Team, { platform, space }: Space): boolean =>
  (spaces ?? []).some((name) => name.toLowerCase() === `${platform}:${space}`.toLowerCase());

/**
 * Whether a workspace sees a team. A file without `spaces` is for the only workspace; with many, only the shipped teams and the default
 * are for all. The terminal belongs to whoever runs Parley.
 */
export function isVisible(
  { name, team, isShipped }: Pick<TeamEntry, "name" | "team" | "isShipped">,
  place: Space,
  { isMany = () => false, setting }: Pick<TeamDirectoryOptions, "isMany" | "setting">,
): boolean {
  if (platformKind(place.platform) === "terminal") return true;
  if (team?.spaces) return isNamedIn(team.spaces, place);
  return !isMany() || isShipped || name === "default" || name === setting?.toLowerCase();
}

export function createTeamDirectory(options: TeamDirectoryOptions): TeamDirectory {
  const { book, env = {}, keys } = options;
  return {
    all: book,
    reload: () => book.reload(),
    async in({ platform, space }) {
      const place = { platform, space };
      const own = platformKind(platform) === "terminal" ? null : await keys?.of(place);
      const ownEnv = own ? withOwnKeys(env, own) : null;
      const look = (entry: TeamEntry): readonly TeamEntry[] => {
        const read = ownEnv ? book.readWith(entry.name, ownEnv) : entry.team;
        if (!isVisible({ ...entry, team: read ?? entry.team }, place, options)) return [];
        return [ownEnv ? payFor(entry, read, { env: ownEnv, place }) : entry];
      };
      return {
        ownEnv,
        list: () => book.list().flatMap(look),
        get(name) {
          const entry = book.list().find((one) => one.name === name.trim().toLowerCase());
          return entry ? (look(entry)[0]?.team ?? null) : null;
        },
      };
    },
  };
}

/** The team as a workspace can ask it with its own keys alone. */
function payFor(
  entry: TeamEntry,
  read: Team | null,
  { env, place }: { readonly env: Env; readonly place: Space },
): TeamEntry {
  const team = read && paidTeam(read, { env, isOwn: isOwnOf(read, place) });
  const problems = entry.problems.filter(({ cause }) => cause !== "keys");
  return { ...entry, team, problems: team ? problems : [...problems, unpaid(entry)] };
}

const unpaid = ({ name: team, file }: TeamEntry): TeamProblem => ({
  team,
  file,
  line: 1,
  column: 1,
  message: "the workspace's own keys pay for none of its agents",
  severity: "error",
  cause: "keys",
});
