import type { App } from "@slack/bolt";
import type { InstallRecords, KeyValuesByName, TakeLock } from "../../../src/adapter-storage.ts";
import type { Clock } from "../../../src/clock.ts";
import type { OAuthSettings, SlackSettings } from "../env.ts";
import type { InstallOptions } from "../receivers/http.ts";
import { createAllowedTeams } from "./allowed-teams.ts";
import { installOptions } from "./install-options.ts";
import { createInstalledWorkspaces, type InstalledWorkspaces } from "./installed-workspaces.ts";
import { createInstalls, createInstallSeal } from "./installs.ts";
import { listenForRemovals } from "./removals.ts";
import { createStateStore } from "./state-store.ts";
import { createTokenRotation } from "./token-rotation.ts";

/** Many workspaces, by OAuth. */
export interface OpenedInstalls {
  readonly workspaces: InstalledWorkspaces;
  readonly install: InstallOptions;
  /** Deletes what is taken away. */
  listen(app: App): void;
}

interface OpenInstallsOptions {
  readonly records: InstallRecords;
  readonly settings: Pick<SlackSettings, "apiUrl" | "publicUrl" | "isAgent" | "allowedTeams">;
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly kept: KeyValuesByName;
  readonly lock: TakeLock;
  /** Removes a workspace's own API keys. */
  readonly forgetKeys: (team: string) => Promise<void>;
  readonly onProblem: (problem: unknown) => void;
}

export function openInstalls(oauth: OAuthSettings, options: OpenInstallsOptions): OpenedInstalls {
  const { settings, kept, records } = options;
  const { apiUrl } = settings;
  const installs = createInstalls(records, createInstallSeal(oauth));
  const allowed = createAllowedTeams(settings.allowedTeams);
  const rotation = createTokenRotation({ ...options, oauth, apiUrl, installs });
  const workspaces = createInstalledWorkspaces({ ...options, installs, rotation, allowed });
  const states = createStateStore(kept("slack install states"));
  const taken = kept("slack removals");
  return {
    workspaces,
    install: installOptions(oauth, { ...settings, installs, allowed, states }),
    listen: (app) => listenForRemovals(app, { ...options, apiUrl, installs, taken }),
  };
}
