import type { Clock } from "../../../src/clock.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { Intake } from "../../../src/platform.ts";
import type { Commands } from "../intake/run-command.ts";
import type { People } from "../people/people.ts";
import type { PostedMessages } from "../post/own-messages.ts";
import type { FileHosts } from "../threads/attached-files.ts";
import type { TeamChoice } from "../views/settings-modals.ts";
import type { Workspace } from "../workspaces.ts";
import type { ReadInteractionPorts } from "./read-interaction.ts";
import type { RespondPorts } from "./respond.ts";

/** What button clicks, slash commands, modals and the home tab work with. */
export interface InteractionPorts extends ReadInteractionPorts, RespondPorts {
  readonly commands: Commands;
  readonly people: People;
  readonly hosts: FileHosts;
  readonly posted: PostedMessages;
  readonly intake: { get(): Pick<Intake, "message" | "feedback"> };
  /** What the shared commands know of teams, bindings and turns. */
  readonly shared: Pick<CommandPorts, "teams" | "bindings" | "listening" | "turns" | "keys">;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** Acknowledges an interaction; a form may be given back with errors at its fields. */
export type Ack = (response?: AckResponse) => Promise<void>;
export interface AckResponse {
  readonly response_action: "errors";
  readonly errors: Readonly<Record<string, string>>;
}

/** The teams that can answer now, for selects. */
export const teamChoices = async (
  { shared }: Pick<InteractionPorts, "shared">,
  { team: space }: Pick<Workspace, "team">,
): Promise<readonly TeamChoice[]> =>
  (await shared.teams.in({ platform: "slack", space }))
    .list()
    .flatMap(({ name, team }) => (team ? [{ name, title: team.title }] : []));
