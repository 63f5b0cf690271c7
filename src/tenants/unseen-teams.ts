import { basename } from "node:path";
import type { TeamEntry } from "../teams/team-book.ts";

export interface Sharing {
  /** Whether several workspaces share the installation. */
  readonly isMany: boolean;
  /** PARLEY_TEAM. */
  readonly setting?: string | undefined;
}

type Entry = Pick<TeamEntry, "name" | "team" | "isShipped">;

/** Whether a file without `spaces` is for every workspace: with many, only the shipped teams and the default are. */
export const isForAll = ({ name, isShipped }: Entry, { isMany, setting }: Sharing): boolean =>
  !isMany || isShipped || name === "default" || name === setting?.toLowerCase();

/** Says which team files answer nowhere, since many workspaces share the installation and they name none; null: there are none. */
export function formatUnseenTeams(
  entries: readonly (Entry & Pick<TeamEntry, "file">)[],
  sharing: Sharing,
): string | null {
  const unseen = entries.filter(
    (entry) => entry.team !== null && !entry.team.spaces && !isForAll(entry, sharing),
  );
  if (unseen.length === 0) return null;
  const files = unseen.map(({ file }) => basename(file)).join(", ");
  return `These team files answer nowhere, because several workspaces or servers share this Parley and the files do not say for which they are: ${files}. Write \`spaces: all\` in each, or name workspaces, such as \`spaces: slack:T012AB3CD\` or \`spaces: discord:80351110224678912\`.`;
}
