import { z } from "zod";
import type { CommandReply } from "../../../src/reply.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { Intake, Person } from "../../../src/platform.ts";
import type { Clients } from "../api/clients.ts";
import { lookUp } from "../people/look-up.ts";
import type { Standing } from "../people/standing.ts";
import { placeOf } from "../place.ts";
import type { Rendering } from "../post/rendering.ts";
import type { Workspace } from "../workspaces.ts";
import { type IncomingPorts, standingIn } from "./incoming.ts";

export interface CommandPorts extends Pick<
  IncomingPorts,
  "people" | "standingOf" | "clock" | "external" | "guests"
> {
  readonly clients: (workspace: Workspace) => Clients;
  readonly rendering: Rendering;
  readonly onProblem: (problem: unknown) => void;
}

/** A gesture that stands for a command. */
export interface Gesture {
  readonly conversation: ConversationId;
  readonly user: string;
  readonly eventId: string;
  /** The command's words. */
  readonly text: string;
  /** What the command is about if it does not say and was given outside a thread. */
  readonly scope?: "channel";
}

const NAME_MS = 1_000;

/** Gives the command in the user's name; what went wrong is told to them alone. Rejects when it could not be stored. */
export async function askCommand(
  ports: CommandPorts,
  intake: Intake,
  workspace: Workspace,
  gesture: Gesture,
): Promise<void> {
  const reply = await giveCommand(ports, intake, workspace, gesture);
  const { conversation, user } = gesture;
  // Slack waits for the answer to its event, not for this.
  if (!reply.ok) void tellAsker(ports, workspace, { conversation, user, reply });
}

/** Gives the command in the user's name. Rejects when it could not be stored. */
export async function giveCommand(
  ports: CommandPorts,
  intake: Intake,
  workspace: Workspace,
  { user, ...command }: Gesture,
): Promise<CommandReply> {
  const { person, groups, level, isIgnored } = await askerOf(ports, workspace, user);
  return isIgnored ? IGNORED : intake.command({ ...command, person, groups, level });
}

const IGNORED: CommandReply = {
  title: "Parley answers members of this workspace only",
  blocks: [],
  visibleTo: "asker",
  ok: false,
};

/** Somebody who does something, as far as the workspace says in time. Never rejects. */
export async function askerOf(
  ports: CommandPorts,
  workspace: Workspace,
  user: string,
): Promise<Standing & { readonly person: Person; readonly isIgnored: boolean }> {
  const [standing, { users }] = await Promise.all([
    standingIn(ports, workspace, user),
    lookUp(ports, workspace, [{ user, text: "", files: [] }], NAME_MS),
  ]);
  const known = users.get(user);
  const isIgnored =
    (known?.isExternal === true && ports.external === "ignore") ||
    (known?.isGuest === true && ports.guests === "ignore");
  return {
    ...standing,
    person: { id: user, name: known?.name ?? user, kind: "person" },
    isIgnored,
  };
}

/** Shows a reply to one person in the thread. Never rejects. */
export async function tellAsker(
  { clients, rendering, onProblem }: CommandPorts,
  workspace: Workspace,
  told: {
    readonly conversation: ConversationId;
    readonly user: string;
    readonly reply: CommandReply;
  },
): Promise<void> {
  const { channel, thread } = placeOf(told.conversation);
  const where = { channel, thread_ts: thread, user: told.user };
  try {
    const message = { ...where, ...rendering.reply(told.reply) };
    await clients(workspace).finals.call("chat.postEphemeral", message, z.unknown());
  } catch (problem) {
    onProblem(problem);
  }
}
