import { actionCommand } from "../../../src/adapter-kit/action-commands.ts";
import type { Intake } from "../../../src/platform.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { Commands } from "../intake/run-command.ts";
import { originOfClick } from "../people/origin.ts";
import { outsideThreads } from "../place.ts";
import { type ModalSubject, readSubject } from "../views/modal.ts";
import { reasonIn } from "../views/reason-modal.ts";
import { FIELDS, KEY_FIELDS, NO_TEAM } from "../views/settings-modals.ts";
import { digestOf, eventIdOf, type Interaction } from "../wire/interaction.ts";
import type { Workspace } from "../workspaces.ts";
import type { Ack } from "./ack.ts";

/** The command that a submitted modal gives, and its place. */
function readSubmission(interaction: Interaction, workspace: Workspace) {
  const subject = readSubject(interaction.view.private_metadata);
  const words = subject && WORDS[subject.kind](interaction, subject);
  if (!words) return undefined;
  const { kind } = subject;
  return {
    text: words,
    conversation:
      kind === "switch"
        ? outsideThreads(workspace.team, channelIn(interaction))
        : subject.conversation,
    user: interaction.user.id,
    origin: originOfClick(workspace, interaction),
    eventId: `${eventIdOf("submit", interaction)}:${digestOf(words)}`,
    isOfHome: kind === "switch" || kind === "keys",
    errorsAt: kind === "keys" ? KEY_FIELDS.key.block : FIELDS.team.block,
  };
}

const fieldOf = ({ view }: Interaction, { block, action }: { block: string; action: string }) =>
  view.state?.values[block]?.[action];

const teamIn = (interaction: Interaction) =>
  fieldOf(interaction, FIELDS.team)?.selected_option?.value;
const channelIn = (interaction: Interaction) =>
  fieldOf(interaction, FIELDS.channel)?.selected_conversation;

/** The command's words; undefined: the modal gives none. */
type WordsOf = (interaction: Interaction, subject: ModalSubject) => string | undefined;

const retryWords: WordsOf = (interaction, { turn }) => {
  const team = teamIn(interaction);
  return actionCommand({ type: "retry", turn, team: team === NO_TEAM ? undefined : team });
};

const switchWords: WordsOf = (interaction) => {
  const team = teamIn(interaction);
  if (team === undefined) return undefined;
  const scope = channelIn(interaction) === undefined ? "space" : "channel";
  return actionCommand({ type: "switch", team: team === NO_TEAM ? undefined : team, scope });
};

/** An empty field removes the key. */
const keyWords: WordsOf = (interaction) => {
  const provider = fieldOf(interaction, KEY_FIELDS.provider)?.selected_option?.value;
  const key = fieldOf(interaction, KEY_FIELDS.key)?.value?.trim() ?? "";
  return provider === undefined ? undefined : actionCommand({ type: "key", provider, key });
};

const WORDS: Readonly<Record<ModalSubject["kind"], WordsOf>> = {
  retry: retryWords,
  switch: switchWords,
  keys: keyWords,
  wrong: () => undefined,
  why: () => undefined,
  details: () => undefined,
};

export interface SubmissionPorts {
  readonly commands: Pick<Commands, "run" | "askerOf">;
  readonly intake: { get(): Pick<Intake, "feedback"> };
}

/** Stores why an answer got a 👎, if the form asked for that and somebody said so. */
async function takeReason(
  { commands, intake }: SubmissionPorts,
  workspace: Workspace,
  interaction: Interaction,
): Promise<void> {
  const subject = readSubject(interaction.view.private_metadata);
  const reason = reasonIn(interaction);
  if (subject?.kind !== "wrong" || subject.turn === undefined || reason === undefined) return;
  const { conversation, turn } = subject;
  const asker = { user: interaction.user.id, origin: originOfClick(workspace, interaction) };
  const { person, refusal } = await commands.askerOf(workspace, asker);
  if (refusal) return;
  const eventId = eventIdOf("submit", interaction);
  const given = { conversation, turn, eventId, person, verdict: "down", reason } as const;
  await intake.get().feedback(given);
}

/** Runs the command of a modal; errors show in the modal. Rejects when the command could not be stored. */
export async function takeSubmission(
  ports: SubmissionPorts,
  workspace: Workspace,
  interaction: Interaction,
  ack: Ack,
): Promise<{ readonly isOfHome: boolean }> {
  const { commands } = ports;
  await takeReason(ports, workspace, interaction);
  const submission = readSubmission(interaction, workspace);
  if (!submission) {
    await ack();
    return { isOfHome: false };
  }
  const { isOfHome, errorsAt, ...gesture } = submission;
  const reply = await commands.run(workspace, gesture);
  if (reply.ok) await ack();
  else await ack({ response_action: "errors", errors: { [errorsAt]: wrongWith(reply) } });
  return { isOfHome: isOfHome && reply.ok };
}

const wrongWith = ({ title, blocks }: CommandReply): string =>
  [title, ...blocks.flatMap((block) => (block.type === "text" ? [block.markdown] : []))]
    .join(". ")
    .replaceAll(/[`*\\]/g, "")
    .slice(0, 300);
