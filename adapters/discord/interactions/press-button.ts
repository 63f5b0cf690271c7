import { ComponentType } from "discord.js";
import { actionCommand } from "../../../src/adapter-kit/action-commands.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import { type ConversationId, parseConversationId } from "../../../src/ids.ts";
import type { DeliveryMark, Intake } from "../../../src/platform.ts";
import { type Action, formatPress, parsePress, type Press } from "../render/buttons.ts";
import type { InteractionContext } from "./context.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { showDetails } from "./details-page.ts";
import { NOT_OURS, rateDown, rateUp, takeReason } from "./rate-answer.ts";
import { showReply } from "./respond.ts";

interface ActionPorts {
  readonly intake: Pick<Intake, "command" | "feedback">;
  readonly commands: Pick<CommandPorts, "teams" | "turns">;
}

type ActionHandler = (
  ports: ActionPorts,
  context: InteractionContext,
  press: Press,
) => Promise<void>;

/** A click on a button. */
export async function pressButton(ports: ActionPorts, context: InteractionContext): Promise<void> {
  const press = parsePress(context.interaction.data.custom_id ?? "");
  if (!press) return context.respond.replyPrivately({ content: NOT_OURS });
  await ACTION_HANDLERS[press.action](ports, context, press);
}

/** A submitted modal: that of "Retry…", or that of 👎. */
export async function submitModal(ports: ActionPorts, context: InteractionContext): Promise<void> {
  const { data } = context.interaction;
  const press = parsePress(data.custom_id ?? "");
  if (!press)
    return context.respond.replyPrivately({ content: "This form is not Parley's any more." });
  if (press.action === "down") return takeReason(ports, context, press.mark);
  await runCommand(ports.intake, context, retryCommand(press.mark, data.components));
}

/** Runs a shared command and shows its reply to the user only. Everyone sees what it changes. */
async function runCommand(
  intake: Pick<Intake, "command">,
  { respond, caller }: InteractionContext,
  text: string,
) {
  await respond.defer(true);
  await showReply(respond, await intake.command({ ...caller, text }), true);
}

/** The status says what comes of it; only a refusal needs words. */
const quietly =
  (type: "stop" | "finish"): ActionHandler =>
  async ({ intake }, { respond, caller }, { mark: { turn } }) => {
    await respond.deferUpdate();
    const reply = await intake.command({ ...caller, text: actionCommand({ type, turn }) });
    if (!reply.ok) await respond.followUp({ content: `⚠️ ${reply.title}` });
  };

const details: ActionHandler = async ({ intake, commands }, context, { mark, about }) => {
  const { respond, caller } = context;
  // Another page replaces the shown one.
  await (about === "" || about.startsWith(READ) ? respond.defer(true) : respond.deferUpdate());
  const text = actionCommand({ type: "why", turn: mark.turn });
  const reply = await intake.command({ ...caller, text });
  if (reply.visibleTo === "nobody") return;
  if (about.startsWith(READ)) return showAnswer(context, reply, about.slice(READ.length));
  const page = Number.parseInt(about, 10) || 0;
  await showDetails(commands.turns, context, { mark, reply, page });
};

/** Before the label of an answer, in what a button is about. */
const READ = "read ";

/** An answer of which the details show the beginning. */
async function showAnswer(
  { respond }: InteractionContext,
  reply: CommandReply,
  label: string,
): Promise<void> {
  const found = reply.blocks.find(
    (block) => block.type === "text" && block.answer?.label === label,
  );
  if (found?.type !== "text" || !found.answer)
    return void (await respond.edit({ content: "This answer is not known any more." }));
  // Its first line is the title.
  const markdown = found.markdown.slice(found.markdown.indexOf("\n") + 1).trimStart();
  const title = `${found.answer.name}'s answer`;
  await showReply(respond, { ...reply, title, blocks: [{ type: "text", markdown }] }, true);
}

/** A message that was picked from the menu of those that wait. */
const pickWaiting: ActionHandler = async ({ intake }, context) => {
  const [value = ""] = context.interaction.data.values;
  const [, type, message = ""] = /^(steer|restart) (\S{1,90})$/.exec(value) ?? [];
  if (type !== "steer" && type !== "restart")
    return context.respond.replyPrivately({ content: NOT_OURS });
  await runCommand(intake, context, actionCommand({ type, message }));
};

const ACTION_HANDLERS: Readonly<Record<Action, ActionHandler>> = {
  stop: quietly("stop"),
  finish: quietly("finish"),
  details,
  why: details,
  retry: async ({ commands }, { respond, caller }, { mark }) =>
    respond.modal(await retryModal(commands, caller.conversation, mark)),
  up: rateUp,
  down: rateDown,
  prefer: (ports, context, { about }) =>
    runCommand(ports.intake, context, actionCommand({ type: "prefer", answer: about })),
  steer: (ports, context, { about }) =>
    runCommand(ports.intake, context, actionCommand({ type: "steer", message: about })),
  restart: (ports, context, { about }) =>
    runCommand(ports.intake, context, actionCommand({ type: "restart", message: about })),
  waiting: pickWaiting,
  // The button is disabled.
  part: (_ports, { respond }) => respond.deferUpdate(),
};

/** The option of the team that answers there; no team's name contains a star. */
const SAME_TEAM = "*";
const MAX_TEAMS = 24;

/** Asks which team answers again. */
async function retryModal(
  commands: Pick<CommandPorts, "teams">,
  conversation: ConversationId,
  mark: DeliveryMark,
): Promise<unknown> {
  const there = await commands.teams.in(parseConversationId(conversation));
  const teams = there.list().filter(({ team }) => team !== null);
  const options = [
    { label: "The team that answers here", value: SAME_TEAM, default: true },
    ...teams.slice(0, MAX_TEAMS).map(({ name, team }) => ({
      label: name.slice(0, 100),
      value: name.slice(0, 100),
      ...(team?.description && { description: team.description.slice(0, 100) }),
    })),
  ];
  return {
    title: "Answer again",
    custom_id: formatPress({ mark, action: "retry", about: "" }),
    components: [
      {
        type: ComponentType.Label,
        label: "Which team?",
        component: { type: ComponentType.StringSelect, custom_id: "team", options },
      },
    ],
  };
}

function retryCommand({ turn }: DeliveryMark, components: unknown): string {
  const [team] = selectedValues(components);
  return actionCommand({ type: "retry", turn, team: team === SAME_TEAM ? undefined : team });
}

/** Values are in a label, or, on older servers, in a row. */
function selectedValues(components: unknown): readonly string[] {
  if (Array.isArray(components)) return components.flatMap(selectedValues);
  if (typeof components !== "object" || components === null) return [];
  if ("values" in components && Array.isArray(components.values))
    return components.values.map(String);
  if ("component" in components) return selectedValues(components.component);
  return "components" in components ? selectedValues(components.components) : [];
}
