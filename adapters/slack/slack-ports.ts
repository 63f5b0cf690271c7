import type { App } from "@slack/bolt";
import type { UsageLeases } from "../../src/adapter-kit/rate-limit/usage-leases.ts";
import type { Clock } from "../../src/clock.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import type { ConversationId, TurnId } from "../../src/ids.ts";
import type { Intake } from "../../src/platform.ts";
import type { Clients } from "./api/clients.ts";
import type { SlackSettings } from "./env.ts";
import type { WorkspaceOfEvent } from "./intake/shared-channels.ts";
import type { FileHosts } from "./threads/attached-files.ts";
import type { People } from "./people/people.ts";
import type { StandingOf } from "./people/standing.ts";
import type { PostedMessages } from "./post/posted-messages.ts";
import type { Rendering } from "./post/rendering.ts";
import type { InstallOptions } from "./receivers/http.ts";
import type { LiveThreads } from "./threads/live-threads.ts";
import { NotInstalledError, type Workspace, type Workspaces } from "./workspaces.ts";

/** What the parts of the adapter share. */
export interface SlackPorts {
  readonly settings: SlackSettings;
  readonly workspaces: Workspaces;
  readonly workspaceOfEvent: WorkspaceOfEvent;
  /** Of a team that a conversation names; rejects with a `NotInstalledError` where Parley is not installed any more. */
  readonly workspaceOf: (team: string) => Promise<Workspace>;
  readonly clients: (workspace: Workspace) => Clients;
  readonly people: People;
  readonly standingOf: StandingOf;
  readonly rendering: Rendering;
  readonly hosts: FileHosts;
  readonly posted: PostedMessages;
  readonly live: LiveThreads;
  /** Where events go; `get` throws before the adapter is started. */
  readonly intake: { get(): Intake; set(intake: Intake): void };
  /** Whether a turn is remembered here, and so the claims of its conversation. */
  readonly knows: (conversation: ConversationId, turn: TurnId) => Promise<boolean>;
  readonly turns: Pick<CommandPorts["turns"], "untaken">;
  /** Removes a workspace's own API keys. Rejects when the store fails. */
  readonly forgetKeys: (team: string) => Promise<void>;
  readonly clock: Clock;
  /** How many processes share what Slack takes. */
  readonly processes: number;
  readonly leases: UsageLeases;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** Something went wrong that the adapter goes on from. */
  readonly onProblem: (problem: unknown) => void;
  /** Clicks, commands, modals, the home tab. */
  readonly listen: (app: App) => void;
  /** Installation by OAuth. */
  readonly install: InstallOptions | undefined;
}

export const workspaceFinder =
  (workspaces: Workspaces) =>
  async (team: string): Promise<Workspace> => {
    const workspace = await workspaces.of(team);
    if (workspace) return workspace;
    throw new NotInstalledError(team);
  };
