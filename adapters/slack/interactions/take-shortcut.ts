import { z } from "zod";
import { privately, refused } from "../../../src/commands/run/compose-reply.ts";
import { type Intake, PlatformError } from "../../../src/platform.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { Clients } from "../api/clients.ts";
import { formatForMembers } from "../api/errors.ts";
import type { Commands } from "../intake/run-command.ts";
import { lookUp, type LookUpPorts } from "../people/look-up.ts";
import { originOfClick } from "../people/origin.ts";
import { conversationOf } from "../place.ts";
import { isOwn } from "../post/own-messages.ts";
import type { FileHosts } from "../threads/attached-files.ts";
import { readMessage } from "../threads/read-message.ts";
import { type Interaction, spotOf } from "../wire/interaction.ts";
import { SlackMessage } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";

export interface ShortcutPorts {
  readonly commands: Pick<Commands, "askerOf">;
  readonly clients: (workspace: Workspace) => Pick<Clients, "finals">;
  readonly intake: { get(): Pick<Intake, "message"> };
  readonly names: LookUpPorts;
  readonly hosts: FileHosts;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

const NAMES_MS = 500;

/**
 * "Ask the team" on a message: Parley answers it in its thread, whoever wrote it. Resolves to the reply for the person who asked. Rejects
 * when it could not be stored.
 */
export async function takeShortcut(
  ports: ShortcutPorts,
  workspace: Workspace,
  interaction: Interaction,
): Promise<CommandReply> {
  const spot = spotOf(interaction);
  const { data: message } = SlackMessage.safeParse(interaction.message);
  if (!spot || !message) return refused("That message cannot be read", []);
  if (isOwn(message, workspace)) {
    return refused("That is Parley's own message", ["**Retry…** under an answer asks again."]);
  }
  const origin = originOfClick(workspace, interaction);
  const asker = await ports.commands.askerOf(workspace, { user: interaction.user.id, origin });
  if (asker.refusal) return asker.refusal;
  const problem = await greet(ports.clients, workspace, { ...spot, user: interaction.user.id });
  if (problem) return refused("Parley cannot answer there", [formatForMembers(problem)]);
  const known = await lookUp(ports.names, workspace, [message], NAMES_MS);
  const reading = { workspace, known, hosts: ports.hosts, otherwiseAt: ports.wallClock() };
  await ports.intake.get().message({
    ...readMessage(message, reading),
    author: asker.person,
    conversation: conversationOf({ ...spot, team: workspace.team }),
    addressed: "mention",
    level: asker.level,
    groups: asker.groups,
  });
  return DONE;
}

/** The person has read the confirmation in the thread. */
const DONE = privately("Asked", []);

const GREETING =
  "Asked the team. The answer comes in this thread, unless this message already has one.";

/** Confirms in the thread. A refusal of Slack here would meet the answer too. */
async function greet(
  clients: ShortcutPorts["clients"],
  workspace: Workspace,
  { channel, thread, user }: { channel: string; thread: string; user: string },
): Promise<PlatformError | undefined> {
  const message = { channel, thread_ts: thread, user, text: GREETING };
  try {
    await clients(workspace).finals.call("chat.postEphemeral", message, z.unknown());
    return undefined;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return error.outcome === "gone" || error.outcome === "rejected" ? error : undefined;
  }
}
