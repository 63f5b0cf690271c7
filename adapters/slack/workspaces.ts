import { PlatformError } from "../../src/platform.ts";

/** One installation of the app. */
export interface Workspace {
  /** Team id: the space of its conversations. */
  readonly team: string;
  /** Enterprise Grid organisation that installed the app for all of its workspaces. */
  readonly enterprise: string | undefined;
  /** Enterprise Grid organisation that the workspace belongs to, whoever installed the app. */
  readonly organisation?: string | undefined;
  readonly token: string;
  /** User id of Parley's own bot user there: what people mention. */
  readonly botUser: string;
  /** Bot id of its posts. */
  readonly botId: string | undefined;
}

/** Where the app is installed. */
export interface Workspaces {
  /** Checks the installation before events arrive; rejects with what to do about it. */
  open(): Promise<void>;
  /**
   * The installation for an event of this team; undefined: the app is not installed there. Called for every event, so cached. With one token
   * it is always the same one, also for an event of a shared channel that names another team. Rejects when the store fails.
   */
  of(team: string, enterprise?: string): Promise<Workspace | undefined>;
  /** All known so far. */
  all(): Promise<readonly Workspace[]>;
}

/** The app is not installed in a workspace, or not any more. */
export class NotInstalledError extends PlatformError {
  constructor(team: string) {
    super("gone", `Parley is not installed in the workspace ${team}.`);
  }
}
