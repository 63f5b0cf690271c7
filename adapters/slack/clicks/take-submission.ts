import type { CommandReply } from "../../../src/reply.ts";
import { giveCommand } from "../intake/ask-command.ts";
import { FIELDS, NO_TEAM } from "../modals/team-modals.ts";
import { type ModalSubject, readSubject } from "../modals/view.ts";
import type { Workspace } from "../workspaces.ts";
import { type Ack, type ClickPorts, outsideThreads } from "./click-ports.ts";
import { eventIdOf, type Interaction } from "./payloads.ts";

/** The command that a submitted modal stands for, and where it is given. */
export function readSubmission(interaction: Interaction, team: string) {
  const subject = readSubject(interaction.view.private_metadata);
  const { selected_option: chosen } = fieldOf(interaction, FIELDS.team) ?? {};
  const { selected_conversation: channel } = fieldOf(interaction, FIELDS.channel) ?? {};
  const words = subject && wordsOf(subject, chosen?.value, channel);
  if (!words) return undefined;
  const isSwitch = subject.kind === "switch";
  return {
    text: words,
    conversation: isSwitch ? outsideThreads(team, channel) : subject.conversation,
    user: interaction.user.id,
    eventId: `${eventIdOf("submit", interaction)}:${words}`,
    isSwitch,
  };
}

const fieldOf = ({ view }: Interaction, { block, action }: (typeof FIELDS)["team" | "channel"]) =>
  view.state?.values[block]?.[action];

function wordsOf(
  { kind, turn }: ModalSubject,
  team: string | undefined,
  channel: string | undefined,
): string | undefined {
  if (kind === "switch" && team !== undefined) {
    const scope = channel === undefined ? "--space" : "--channel";
    return team === NO_TEAM ? `team reset ${scope}` : `team use "${team}" ${scope}`;
  }
  if (kind !== "retry") return undefined;
  const using = team === undefined || team === NO_TEAM ? "retry" : `retry with "${team}"`;
  return turn === undefined ? using : `${using} of ${turn}`;
}

/** Carries a modal's command out; what is wrong with it is shown in the modal. Rejects when it could not be stored. */
export async function takeSubmission(
  ports: ClickPorts,
  workspace: Workspace,
  interaction: Interaction,
  ack: Ack,
): Promise<{ readonly isSwitch: boolean }> {
  const submission = readSubmission(interaction, workspace.team);
  if (!submission) {
    await ack();
    return { isSwitch: false };
  }
  const { isSwitch, ...gesture } = submission;
  const reply = await giveCommand(ports, ports.intake.get(), workspace, gesture);
  if (reply.ok) await ack();
  else await ack({ response_action: "errors", errors: { [FIELDS.team.block]: wrongWith(reply) } });
  return { isSwitch: isSwitch && reply.ok };
}

const wrongWith = ({ title, blocks }: CommandReply): string =>
  [title, ...blocks.flatMap((block) => (block.type === "text" ? [block.markdown] : []))]
    .join(". ")
    .replaceAll(/[`*\\]/g, "")
    .slice(0, 300);
