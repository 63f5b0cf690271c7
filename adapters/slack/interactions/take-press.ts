import { actionCommand } from "../../../src/adapter-kit/action-commands.ts";
import { privately } from "../../../src/commands/run/compose-reply.ts";
import { ratingsFor } from "../../../src/commands/run/turn-ratings.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { Intake } from "../../../src/platform.ts";
import { ratingTitle } from "../../../src/progress/rating-words.ts";
import type { TurnState } from "../../../src/coordination/turn-state.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { Commands } from "../intake/run-command.ts";
import { votesForms } from "../render/votes.ts";
import type { Modal } from "../views/modal.ts";
import { reasonModal } from "../views/reason-modal.ts";
import {
  keysModal,
  noticeModal,
  retryModal,
  switchModal,
  type TeamChoice,
} from "../views/settings-modals.ts";
import { openModal, type ShowViewPorts, updateModal } from "../views/show-view.ts";
import { detailsModal, whyModal } from "../views/turn-modals.ts";
import type { Workspace } from "../workspaces.ts";
import type { Ack } from "./ack.ts";
import type { Press } from "./read-interaction.ts";

export interface PressPorts {
  readonly commands: Pick<
    Commands,
    "run" | "runGesture" | "askerOf" | "showReply" | "showPrivately"
  >;
  readonly intake: { get(): Pick<Intake, "feedback"> };
  readonly turns: Pick<CommandPorts["turns"], "last" | "get" | "ratings">;
  readonly teams: CommandPorts["teams"];
  readonly views: ShowViewPorts;
}

type ButtonHandler = (
  ports: PressPorts,
  workspace: Workspace,
  press: Press,
  ack: Ack,
) => Promise<void>;

/**
 * Handles a click. It is acknowledged once it is stored, or at once where nothing changes: a modal must open within 3 s of the click.
 * Rejects when it could not be stored.
 */
export const takePress: ButtonHandler = (ports, workspace, press, ack) =>
  HANDLERS[press.action](ports, workspace, press, ack);

/** A button that gives a command. */
const sending =
  (words: (press: Press) => string): ButtonHandler =>
  async ({ commands }, workspace, press, ack) => {
    await commands.runGesture(workspace, { ...press, text: words(press) });
    await ack();
  };

/** The rating is stored before anything is asked: the reason of a 👎 is optional. */
const rating =
  (verdict: "up" | "down"): ButtonHandler =>
  async ({ commands, intake, views }, workspace, press, ack) => {
    const { conversation, eventId, turn } = press;
    const { person, refusal } = await commands.askerOf(workspace, press);
    if (turn === undefined || refusal) return ack();
    const rated = await intake.get().feedback({ conversation, eventId, turn, person, verdict });
    await ack();
    if (rated.outcome !== "taken") return;
    const noted = ratingTitle(verdict, rated.before);
    const isAsked =
      verdict === "down" &&
      (await openModal(views, workspace, press.trigger, reasonModal(conversation, turn, noted)));
    if (!isAsked) await commands.showReply(workspace, { ...press, reply: privately(noted, []) });
  };

/** A button that opens a modal about its turn. */
const openingModal =
  (
    view: (state: TurnState, press: Press, teams: readonly TeamChoice[]) => Modal | Promise<Modal>,
  ): ButtonHandler =>
  async (ports, workspace, press, ack) => {
    await ack();
    const [state, teams] = await Promise.all([
      stateOf(ports, workspace, press),
      teamChoices(ports.teams, workspace),
    ]);
    const modal = state ? await view(state, press, teams) : unknownTurn(press);
    await openModal(ports.views, workspace, press.trigger, modal);
  };

/** Admins also read what people think of the answer. */
const openWhy: ButtonHandler = async (ports, workspace, press, ack) => {
  await ack();
  const state = await stateOf(ports, workspace, press);
  const { level } = await ports.commands.askerOf(workspace, press);
  const ratings = state ? await ratingsFor(ports.turns, level, state.turn) : "";
  const modal = state ? await whyModal(state, press.conversation, { ratings }) : unknownTurn(press);
  await openModal(ports.views, workspace, press.trigger, modal);
};

const prefer: ButtonHandler = async (ports, workspace, press, ack) => {
  const text = actionCommand({ type: "prefer", answer: press.value });
  const reply = await ports.commands.run(workspace, { ...press, text });
  await ack();
  const state = await stateOf(ports, workspace, press);
  if (!state) return;
  const view = await detailsModal(state, press.conversation, { notice: noticeOf(reply) });
  await updateModal(ports.views, workspace, press.view, view);
};

const turnPage: ButtonHandler = async (ports, workspace, press, ack) => {
  await ack();
  const state = await stateOf(ports, workspace, press);
  if (!state) return;
  const page = Number(press.value) || 0;
  const view =
    press.kind === "details"
      ? await detailsModal(state, press.conversation, { page })
      : await whyModal(state, press.conversation, { page });
  await updateModal(ports.views, workspace, press.view, view);
};

/** A modal holds no table: the votes come as a message that only this person sees. */
const showTable: ButtonHandler = async (ports, workspace, press, ack) => {
  await ack();
  const state = await stateOf(ports, workspace, press);
  const forms = state && votesForms(state);
  if (forms) await ports.commands.showPrivately(workspace, press, forms);
};

const openSwitch: ButtonHandler = async (ports, workspace, press, ack) => {
  await ack();
  const view = switchModal(press.conversation, await teamChoices(ports.teams, workspace));
  await openModal(ports.views, workspace, press.trigger, view);
};

const openKeys: ButtonHandler = async ({ views }, workspace, press, ack) => {
  await ack();
  await openModal(views, workspace, press.trigger, keysModal(press.conversation));
};

const HANDLERS: Readonly<Record<Press["action"], ButtonHandler>> = {
  // The button of a turn that has ended must not stop the one that runs now.
  stop: sending(({ turn }) => actionCommand({ type: "stop", turn })),
  finish: sending(({ turn }) => actionCommand({ type: "finish", turn })),
  steer: sending(({ value: message }) => actionCommand({ type: "steer", message })),
  restart: sending(({ value: message }) => actionCommand({ type: "restart", message })),
  up: rating("up"),
  down: rating("down"),
  why: openWhy,
  details: openingModal((state, { conversation }) => detailsModal(state, conversation)),
  retry: openingModal(({ turn }, { conversation }, teams) => retryModal(conversation, turn, teams)),
  prefer,
  page: turnPage,
  switch: openSwitch,
  keys: openKeys,
  table: showTable,
};

const COMMANDS: ReadonlySet<Press["action"]> = new Set([
  "stop",
  "finish",
  "steer",
  "restart",
  "up",
  "down",
]);

/** Whether the button opens a modal without a command. Commands check the person's rights themselves. */
export const opensModal = ({ action }: Press): boolean => !COMMANDS.has(action);

/** The turn that a button is about, as the person who pressed it may see it. */
async function stateOf(
  { turns, commands }: Pick<PressPorts, "turns" | "commands">,
  workspace: Workspace,
  press: Press,
) {
  const { conversation, turn } = press;
  const { level } = await commands.askerOf(workspace, press);
  return turn === undefined
    ? turns.last(conversation, level)
    : turns.get(conversation, turn, level);
}

/** The teams that can answer now, for selects. */
const teamChoices = async (
  teams: PressPorts["teams"],
  { team: space }: Workspace,
): Promise<readonly TeamChoice[]> =>
  (await teams.in({ platform: "slack", space }))
    .list()
    .flatMap(({ name, team }) => (team ? [{ name, title: team.title }] : []));

const unknownTurn = ({ conversation }: Press): Modal =>
  noticeModal("Not known any more", conversation, "Parley keeps no record of that turn any more.");

const noticeOf = ({ title, ok, blocks }: CommandReply): string => {
  const lines = blocks.flatMap((block) => (block.type === "text" ? [block.markdown] : []));
  return [`${ok ? "☑️" : "⚠️"} **${title}**`, ...lines].join("\n");
};
