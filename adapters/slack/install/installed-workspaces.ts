import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";
import { type Installed, type Installs, type StoredInstallation, workspaceOf } from "./installs.ts";

export interface InstalledWorkspaces extends Workspaces {
  /** What is known of an installation may no longer hold: it was made, made anew, or taken away. */
  forget(installed: Installed): void;
}

/** How long a found installation, and one that is not there, are taken as they are without a look, ms; other processes write too. */
const FOUND_MS = 5 * 60_000;
const MISSING_MS = 10_000;
const MOST = 20_000;

interface Known {
  readonly workspace: Promise<Workspace | undefined>;
  until: number;
}

interface InstalledOptions {
  readonly installs: Installs;
  readonly clock: Pick<Clock, "now">;
}

/** Rejects with a `PlatformError` when what is stored cannot be opened. */
async function checkInstalls(installs: Installs): Promise<void> {
  try {
    await installs.list();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError("rejected", text, { cause });
  }
}

/** An organisation's installation is of no one workspace. */
const ownWorkspace = (install: StoredInstallation): readonly Workspace[] =>
  install.team && !install.isEnterpriseInstall ? [workspaceOf(install, install.team.id)] : [];

/** The workspaces that installed the app by OAuth. */
export function createInstalledWorkspaces({
  installs,
  clock,
}: InstalledOptions): InstalledWorkspaces {
  const known = new Map<string, Known>();
  const look = (team: string, enterprise: string | undefined): Known => {
    const found = installs.find({ team, enterprise });
    const entry: Known = {
      workspace: found.then((install) => install && workspaceOf(install, team)),
      until: clock.now() + FOUND_MS,
    };
    entry.workspace.then(
      (workspace) => {
        if (!workspace) entry.until = clock.now() + MISSING_MS;
      },
      () => known.delete(team),
    );
    if (known.size >= MOST) known.clear();
    known.set(team, entry);
    return entry;
  };

  const find = (team: string, enterprise?: string) => {
    const entry = known.get(team);
    const isFresh = entry !== undefined && clock.now() < entry.until;
    return (isFresh ? entry : look(team, enterprise)).workspace;
  };

  return {
    open: () => checkInstalls(installs),
    of: find,
    async all() {
      const own = (await installs.list()).flatMap(ownWorkspace);
      // An organisation's workspaces are known by what they have sent.
      const members = await Promise.all((await installs.members()).map((team) => find(team)));
      const all = [...own, ...members.filter((workspace) => workspace !== undefined)];
      return [...new Map(all.map((workspace) => [workspace.team, workspace])).values()];
    },
    forget({ team }) {
      if (team === undefined) known.clear();
      else known.delete(team);
    },
  };
}
