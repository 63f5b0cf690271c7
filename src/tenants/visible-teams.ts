import { type Place, platformKind } from "../ids.ts";
import type { TeamBook, TeamEntry } from "../teams/team-book.ts";

/** The teams of one workspace, or of all. */
export type TeamsThere = Pick<TeamBook, "list" | "get">;
export type Space = Pick<Place, "platform" | "space">;

/** Which teams a workspace may know of. */
export interface TeamDirectory extends Pick<TeamBook, "reload"> {
  /** The teams that a workspace sees: to it there are no others. */
  in(place: Space): Promise<TeamsThere>;
  /** Every team, for those who run the installation. */
  readonly all: TeamsThere;
}

export interface TeamDirectoryOptions {
  readonly book: Pick<TeamBook, "list" | "get" | "reload">;
  /** Whether several workspaces share the installation. Default: they do not. */
  readonly isMany?: (() => boolean) | undefined;
  /** PARLEY_TEAM. */
  readonly setting?: string | undefined;
}

const isNamedIn = (spaces: readonly string[], { platform, space }: Space): boolean =>
  spaces.some((name) =>
    ["all", `${platform}:*`, `${platform}:${space}`.toLowerCase()].includes(name.toLowerCase()),
  );

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
  const { book } = options;
  return {
    all: book,
    reload: () => book.reload(),
    async in(place) {
      const list = () => book.list().filter((entry) => isVisible(entry, place, options));
      return {
        list,
        get: (name) => list().find((entry) => entry.name === nameOf(name))?.team ?? null,
      };
    },
  };
}

const nameOf = (name: string): string => name.trim().toLowerCase();
