import { type ConversationId, TurnId } from "../../../src/ids.ts";
import type { Routing } from "../intake/shared-channels.ts";
import { type Origin, originOfClick } from "../people/origin.ts";
import { conversationOf, outsideThreads } from "../place.ts";
import { type Action, actionOf, readFeedback } from "../render/buttons.ts";
import { readWaiting } from "../render/waiting.ts";
import { type ModalSubject, PAGE_ACTION, readSigned, readSubject } from "../views/modal.ts";
import { eventIdOf, installationOfInteraction, Interaction, spotOf } from "../wire/interaction.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";

export interface ReadInteractionPorts {
  readonly workspaces: Pick<Workspaces, "of">;
  readonly workspaceOfBot: Routing["workspaceOfBot"];
}

export interface ReadInteraction {
  readonly interaction: Interaction;
  readonly workspace: Workspace;
  /** It names what does not belong to the workspace or the channel that sent it. */
  readonly isForged: boolean;
}

/** The installation that an interaction is for, and what its modal is about; undefined: it cannot be read, or the app is not installed there. */
export async function readInteraction(
  { workspaces, workspaceOfBot }: ReadInteractionPorts,
  body: unknown,
): Promise<ReadInteraction | undefined> {
  const { data: interaction } = Interaction.safeParse(body);
  if (!interaction) return undefined;
  const { team, enterprise } = installationOfInteraction(interaction);
  const named = await workspaces.of(team, enterprise);
  const author = interaction.message?.user;
  // In a channel that workspaces share, a person of one may click on a message of another one's bot.
  const isOwn = author === undefined || author === named?.botUser;
  const workspace = (isOwn ? undefined : await workspaceOfBot(author)) ?? named;
  if (!workspace) return undefined;
  const checked = checkOrigin(interaction, workspace);
  return { interaction: checked ?? interaction, workspace, isForged: checked === undefined };
}

/**
 * The interaction with its modal's metadata opened; undefined: it names what does not belong to the workspace or the channel that sent it.
 * The home tab and messages carry no metadata.
 */
export function checkOrigin(
  interaction: Interaction,
  workspace: Workspace,
): Interaction | undefined {
  const { channel, container, view } = interaction;
  const channels = [channel?.id, container?.channel_id].filter((id) => id !== undefined);
  if (new Set(channels).size > 1) return undefined;
  if (view.private_metadata === "") return interaction;
  const metadata = readSigned(workspace, view.private_metadata);
  return metadata === undefined
    ? undefined
    : { ...interaction, view: { ...view, private_metadata: metadata } };
}

/** A click on one of Parley's buttons. */
export interface Press {
  readonly action: Action | "page";
  readonly value: string;
  readonly user: string;
  readonly origin: Origin;
  readonly conversation: ConversationId;
  /** The turn of the button, or of its modal. */
  readonly turn: TurnId | undefined;
  readonly kind: ModalSubject["kind"] | undefined;
  readonly eventId: string;
  readonly trigger: string | undefined;
  /** The modal that the button is in. */
  readonly view: string | undefined;
}

/** Buttons whose value is a turn. */
const OF_TURNS: ReadonlySet<string> = new Set([
  "stop",
  "finish",
  "details",
  "why",
  "table",
  "retry",
  "up",
  "down",
]);

/** The conversation of one of Parley's own messages; undefined: not remembered. */
export type ConversationOf = (message: {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
}) => ConversationId | undefined;

/** Reads a click; undefined: the button is not Parley's. Pure. */
export function readPress(
  interaction: Interaction,
  workspace: Workspace,
  ownAt: ConversationOf,
): Press | undefined {
  const [pressed] = interaction.actions;
  const read = pressed && readAction(pressed);
  if (read === undefined) return undefined;
  const { action, value } = read;
  const subject: Partial<ModalSubject> = readSubject(interaction.view.private_metadata) ?? {};
  return {
    action,
    value,
    user: interaction.user.id,
    origin: originOfClick(workspace, interaction),
    conversation: subject.conversation ?? conversationIn(interaction, workspace.team, ownAt),
    turn: subject.turn ?? turnIn(action, value),
    kind: subject.kind,
    eventId: eventIdOf("click", interaction),
    trigger: interaction.trigger_id,
    view: interaction.view.id,
  };
}

const turnIn = (action: string, value: string): TurnId | undefined =>
  OF_TURNS.has(action) ? TurnId.safeParse(value).data : undefined;

type Pressed = Interaction["actions"][number];

/** What was pressed or chosen, with its value. */
function readAction(pressed: Pressed): Pick<Press, "action" | "value"> | undefined {
  const { action_id: id, selected_option: option } = pressed;
  const value = option?.value ?? pressed.value ?? "";
  const chosen = readFeedback(id, value) ?? readWaiting(id, value);
  if (chosen) return chosen;
  const action = id.startsWith(PAGE_ACTION) ? "page" : actionOf(id);
  return action && { action, value };
}

/** Buttons of the home tab belong to no thread. */
function conversationIn(
  interaction: Interaction,
  team: string,
  ownAt: ConversationOf,
): ConversationId {
  const spot = spotOf(interaction);
  if (!spot) return outsideThreads(team);
  const ts = interaction.message?.ts ?? interaction.container?.message_ts;
  // The payload of a click may lack the thread of its message.
  const known = ts === spot.thread ? ownAt({ team, channel: spot.channel, ts }) : undefined;
  return known ?? conversationOf({ ...spot, team });
}
