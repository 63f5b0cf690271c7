import { z } from "zod";
import type { CommandPorts as SharedCommandPorts } from "../../../src/commands/ports.ts";
import { conversationOf } from "../place.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { Intake } from "../../../src/platform.ts";
import type { CommandPorts } from "../intake/ask-command.ts";
import type { Routing } from "../intake/shared-channels.ts";
import type { FileHosts } from "../threads/attached-files.ts";
import type { PostedMessages } from "../post/own-messages.ts";
import { type Modal, signMetadata } from "../views/modal.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";

/** What clicks, commands, modals and the home tab need. */
export interface InteractionPorts extends CommandPorts {
  readonly workspaces: Workspaces;
  readonly workspaceOfBot: Routing["workspaceOfBot"];
  readonly hosts: FileHosts;
  readonly posted: PostedMessages;
  readonly intake: { get(): Intake };
  /** What the shared commands know of teams, bindings and turns. */
  readonly shared: Pick<SharedCommandPorts, "teams" | "bindings" | "listening" | "turns" | "keys">;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** Tells Slack that it was received; what it answers depends on what was done. */
export type Ack = (response?: AckResponse) => Promise<void>;
export interface AckResponse {
  readonly response_action: "errors";
  readonly errors: Readonly<Record<string, string>>;
}

/** Opens a modal: only within 3 s of the click. Never rejects. */
export const openModal = (
  ports: Pick<InteractionPorts, "clients" | "onProblem">,
  workspace: Workspace,
  trigger: string | undefined,
  view: Modal,
): Promise<void> =>
  callViews(ports, workspace, "views.open", {
    trigger_id: trigger,
    view: signed(workspace, view),
  });

const signed = (workspace: Workspace, view: Modal): Modal => ({
  ...view,
  private_metadata: signMetadata(workspace, view.private_metadata ?? ""),
});

/** Shows something else in an open modal. Never rejects. */
export const updateModal = (
  ports: Pick<InteractionPorts, "clients" | "onProblem">,
  workspace: Workspace,
  id: string | undefined,
  view: Modal,
): Promise<void> =>
  callViews(ports, workspace, "views.update", {
    view_id: id,
    view: signed(workspace, view),
  });

/** Never rejects. */
export async function callViews(
  { clients, onProblem }: Pick<InteractionPorts, "clients" | "onProblem">,
  workspace: Workspace,
  method: "views.open" | "views.update" | "views.publish",
  args: Record<string, unknown>,
): Promise<void> {
  try {
    await clients(workspace).progress.call(method, args, z.unknown());
  } catch (problem) {
    onProblem(problem);
  }
}

/** Stands for the thread where a command is given outside of one. */
export const NO_THREAD = "none";

/** Teams that can answer now, for selects. */
export const teamChoices = async (
  { shared }: Pick<InteractionPorts, "shared">,
  { team: space }: Pick<Workspace, "team">,
) =>
  (await shared.teams.in({ platform: "slack", space }))
    .list()
    .flatMap(({ name, team }) => (team ? [{ name, title: team.title }] : []));

/** A channel, or (without one) a workspace, as the place of a command. */
export const outsideThreads = (team: string, channel = "home"): ConversationId =>
  conversationOf({ team, channel, thread: NO_THREAD });
