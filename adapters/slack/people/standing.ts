import type { Level } from "../../../src/platform.ts";
import type { Workspace } from "../workspaces.ts";

/** What a user may do in a workspace. */
export interface Standing {
  readonly level: Level;
  /** Ids of the user groups they are in. */
  readonly groups: readonly string[];
}

/** Rejects when it cannot be found out. */
export type StandingOf = (workspace: Workspace, user: string) => Promise<Standing>;

export const NO_STANDING: Standing = { level: "everyone", groups: [] };
