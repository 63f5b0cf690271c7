import type { ConversationId } from "../../../src/ids.ts";
import { TurnId } from "../../../src/ids.ts";
import { type Origin, originOfClick } from "../people/origin.ts";
import { conversationOf } from "../place.ts";
import type { Workspace } from "../workspaces.ts";
import { type Action, actionOf } from "../render/buttons.ts";
import { type ModalSubject, PAGE_ACTION, readSubject } from "../views/modal.ts";
import { outsideThreads } from "./interaction-ports.ts";
import { eventIdOf, type Interaction, spotOf } from "../wire/interaction.ts";

/** A pressed button, understood. */
export interface Press {
  readonly action: Action | "page";
  readonly value: string;
  readonly user: string;
  readonly origin: Origin;
  readonly conversation: ConversationId;
  /** What the button, or the modal it stands in, is about. */
  readonly turn: TurnId | undefined;
  readonly kind: ModalSubject["kind"] | undefined;
  readonly eventId: string;
  readonly trigger: string | undefined;
  /** The modal it stands in. */
  readonly view: string | undefined;
}

/** What the value of these buttons is: the turn they are about. */
const OF_TURNS: ReadonlySet<string> = new Set(["stop", "details", "why", "retry", "up", "down"]);

/** The conversation of one of Parley's own messages, by where it stands; undefined: not known here. */
export type ConversationOf = (message: {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
}) => ConversationId | undefined;

/** Reads a click of an installation; undefined: it is none of ours. Pure. */
export function readPress(
  interaction: Interaction,
  workspace: Workspace,
  ownAt: ConversationOf = () => undefined,
): Press | undefined {
  const [pressed] = interaction.actions;
  const action = actionIn(pressed?.action_id ?? "");
  if (action === undefined) return undefined;
  const { value = "" } = pressed ?? {};
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

const actionIn = (id: string): Press["action"] | undefined =>
  id.startsWith(PAGE_ACTION) ? "page" : actionOf(id);

/** Buttons of the home tab stand in no thread. */
function conversationIn(
  interaction: Interaction,
  team: string,
  ownAt: ConversationOf,
): ConversationId {
  const spot = spotOf(interaction);
  if (!spot) return outsideThreads(team);
  const ts = interaction.message?.ts ?? interaction.container?.message_ts;
  // A click may come without the thread that its message stands in.
  const known = ts === spot.thread ? ownAt({ team, channel: spot.channel, ts }) : undefined;
  return known ?? conversationOf({ ...spot, team });
}
