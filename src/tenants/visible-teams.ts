import type { Env } from "../backends/keys.ts";
import { platformKind } from "../ids.ts";
import type { TeamBook, TeamEntry } from "../teams/team-book.ts";
import type { TeamProblem } from "../teams/files/team-problem.ts";
import type { Team } from "../teams/team.ts";
import { type OwnKeys, type Space, withOwnKeys } from "./own-keys.ts";
import { paidTeam } from "./own-team.ts";
import { formatUnseenTeams, isForAll } from "./unseen-teams.ts";

/** The teams of one workspace, or of all workspaces. */
export type TeamsThere = Pick<TeamBook, "list" | "get">;

/** The teams that a workspace sees, and the keys it uses. */
export interface SpaceTeams extends TeamsThere {
  /** The environment with the workspace's own API keys; null if it has none. */
  readonly ownEnv: Env | null;
}

/** Controls which teams each workspace can see. */
export interface TeamDirectory extends Pick<TeamBook, "reload"> {
  /** The teams visible to a workspace. Rejects when the store does. */
  in(place: Space): Promise<SpaceTeams>;
  /** Every team, for admins of the installation. */
  readonly all: TeamsThere;
  /** Says, to those who run the installation, which team files answer nowhere and what to write in them; null: there are none. */
  readonly unseen: () => string | null;
}

export interface TeamDirectoryOptions {
  readonly book: Pick<TeamBook, "list" | "get" | "reload" | "readWith">;
  /** Whether several workspaces share the installation. Default: no. */
  readonly isMany?: (() => boolean) | undefined;
  /** PARLEY_TEAM. */
  readonly setting?: string | undefined;
  /** Default: workspaces cannot set their own keys. */
  readonly keys?: Pick<OwnKeys, "of">;
  readonly env?: Env;
}

const isNamedIn = (spaces: readonly string[], { platform, space }: Space): boolean =>
  spaces.some((name) =>
    ["all", `${platform}:*`, `${platform}:${space}`.toLowerCase()].includes(name.toLowerCase()),
  );

/** Whether a team file lists this exact workspace. */
const isOwnOf = ({ spaces }: Team, { platform, space }: Space): boolean =>
  (spaces ?? []).some((name) => name.toLowerCase() === `${platform}:${space}`.toLowerCase());

/**
 * Whether a workspace sees a team. In a single-workspace installation, files without `spaces` are visible; if several workspaces share it,
 * only the shipped teams and the default team are visible to all. The terminal sees every team, because the operator uses it.
 */
export function isVisible(
  { name, team, isShipped }: Pick<TeamEntry, "name" | "team" | "isShipped">,
  place: Space,
  { isMany = () => false, setting }: Pick<TeamDirectoryOptions, "isMany" | "setting">,
): boolean {
  if (platformKind(place.platform) === "terminal") return true;
  if (team?.spaces) return isNamedIn(team.spaces, place);
  return isForAll({ name, team, isShipped }, { isMany: isMany(), setting });
}

export function createTeamDirectory(options: TeamDirectoryOptions): TeamDirectory {
  const { book, env = {}, keys, isMany = () => false, setting } = options;
  return {
    all: book,
    unseen: () => formatUnseenTeams(book.list(), { isMany: isMany(), setting }),
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

/** The team entry, reduced to agents that run on the workspace's own keys. */
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
  message: "none of its agents can use the workspace's own API keys",
  severity: "error",
  cause: "keys",
});
