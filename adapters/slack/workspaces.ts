import { PlatformError } from "../../src/platform.ts";

/** One installation of the app, as its calls and its parsing need it. */
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
  /** Checks what can be checked before events flow; rejects with what to do about it. */
  open(): Promise<void>;
  /**
   * The installation that an event of this team belongs to; undefined: there is none (any more). Called for every event: cached. With one
   * token it is always the same one, whatever team an event of a shared channel names. Rejects when the installs cannot be read.
   */
  of(team: string, enterprise?: string): Promise<Workspace | undefined>;
  /** Those known by now, for what is done at the start. */
  all(): Promise<readonly Workspace[]>;
}

/** The app is not installed in a workspace, or not any more. */
export class NotInstalledError extends PlatformError {
  constructor(team: string) {
    super("gone", `Parley is not installed in the workspace ${team}.`);
  }
}
