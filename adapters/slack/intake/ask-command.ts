import { z } from "zod";
import type { CommandReply } from "../../../src/reply.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { Intake, Person, Rights } from "../../../src/platform.ts";
import type { Clients } from "../api/clients.ts";
import { lookUp } from "../people/look-up.ts";
import { isExternal, type Origin } from "../people/origin.ts";
import { NO_RIGHTS } from "../people/rights.ts";
import { placeOf } from "../place.ts";
import { renderReply } from "../render/render.ts";
import type { Workspace } from "../workspaces.ts";
import { type IncomingPorts, kindsOf, rightsIn } from "./incoming.ts";

export interface CommandPorts extends Pick<
  IncomingPorts,
  "people" | "rightsOf" | "clock" | "external" | "guests"
> {
  readonly clients: (workspace: Workspace) => Clients;
  readonly onProblem: (problem: unknown) => void;
}

/** Who does something, and whose they are as far as Slack said with it. */
export interface Asking {
  readonly user: string;
  readonly origin: Origin;
}

/** A gesture that stands for a command. */
export interface Gesture extends Asking {
  readonly conversation: ConversationId;
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
  { user, origin, ...command }: Gesture,
): Promise<CommandReply> {
  const { refusal, ...asker } = await askerOf(ports, workspace, { user, origin });
  return refusal ?? intake.command({ ...command, ...asker });
}

const refused = (title: string): CommandReply => ({
  title,
  blocks: [],
  visibleTo: "asker",
  ok: false,
});
const MEMBERS_ONLY = refused("Parley answers members of this workspace only");
const UNDECIDED = refused(
  "Slack did not say in time whether you belong to this workspace. Please try again in a moment",
);

/** Somebody who does something, and why they may not. */
export interface Asker extends Rights {
  readonly person: Person;
  readonly refusal: CommandReply | undefined;
}

type AskerPorts = Pick<CommandPorts, "people" | "rightsOf" | "clock" | "external" | "guests">;

/** Somebody who does something, as far as the workspace says in time. Never rejects. */
export async function askerOf(
  ports: AskerPorts,
  workspace: Workspace,
  { user, origin }: Asking,
): Promise<Asker> {
  if (origin === "outside" && ports.external === "ignore")
    return { ...NO_RIGHTS, person: personOf(user), refusal: MEMBERS_ONLY };
  const [standing, { users }] = await Promise.all([
    rightsIn(ports, workspace, user),
    lookUp(ports, workspace, [{ user, text: "", files: [] }], NAME_MS),
  ]);
  const known = users.get(user);
  const isOutsider = isExternal(origin, known);
  return {
    level: standing.level,
    groups: [...standing.groups, ...kindsOf(origin, known)],
    person: personOf(user, known?.name),
    refusal: refusalOf(ports, { isOutsider, isGuest: known?.isGuest }),
  };
}

/** Why somebody may not be shown anything; no look-up is waited for where none can matter. Never rejects. */
export async function refusalFor(
  ports: AskerPorts,
  workspace: Workspace,
  asking: Asking,
): Promise<CommandReply | undefined> {
  if (asking.origin === "inside" && ports.guests === "answer") return undefined;
  return (await askerOf(ports, workspace, asking)).refusal;
}

const personOf = (id: string, name = id): Person => ({ id, name, kind: "person" });

/** undefined: nobody said in time. */
function refusalOf(
  { external, guests }: Pick<AskerPorts, "external" | "guests">,
  { isOutsider, isGuest }: { isOutsider: boolean | undefined; isGuest: boolean | undefined },
): CommandReply | undefined {
  const isOut = (isOutsider && external === "ignore") || (isGuest && guests === "ignore");
  if (isOut) return MEMBERS_ONLY;
  return isOutsider === undefined && external === "ignore" ? UNDECIDED : undefined;
}

/** Shows a reply to one person in the thread. Never rejects. */
export async function tellAsker(
  { clients, onProblem }: CommandPorts,
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
    const message = { ...where, ...renderReply(told.reply) };
    await clients(workspace).finals.call("chat.postEphemeral", message, z.unknown());
  } catch (problem) {
    onProblem(problem);
  }
}
