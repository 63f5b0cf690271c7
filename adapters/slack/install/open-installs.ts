import type { App } from "@slack/bolt";
import type { Clock } from "../../../src/clock.ts";
import type { OAuthSettings, SlackSettings } from "../env.ts";
import type { InstallOptions } from "../receivers/http.ts";
import type { InstallRecords, KeyValuesByName } from "../../../src/adapter-storage.ts";
import { installOptions, listenForRemovals } from "./install-options.ts";
import { createInstalledWorkspaces, type InstalledWorkspaces } from "./installed-workspaces.ts";
import { createInstalls } from "./installs.ts";
import { createStateStore } from "./state-store.ts";

/** Many workspaces, by OAuth. */
export interface OpenedInstalls {
  readonly workspaces: InstalledWorkspaces;
  readonly install: InstallOptions;
  /** Forgets what is taken away. */
  listen(app: App): void;
}

export function openInstalls(
  oauth: OAuthSettings,
  options: {
    readonly records: InstallRecords;
    readonly settings: Pick<SlackSettings, "apiUrl" | "publicUrl" | "isAgent">;
    readonly clock: Pick<Clock, "now">;
    readonly kept: KeyValuesByName;
  },
): OpenedInstalls {
  const installs = createInstalls(options.records, oauth.installSecret);
  const workspaces = createInstalledWorkspaces({ installs, clock: options.clock });
  const ports = { installs, workspaces };
  const states = createStateStore(options.kept("slack install states"));
  return {
    workspaces,
    install: installOptions(oauth, { ...ports, ...options.settings, states }),
    listen: (app) => listenForRemovals(app, ports),
  };
}
