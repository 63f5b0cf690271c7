import { type Action, type Press, parsePress, formatPress } from "../render/buttons.ts";
import type { InteractionPorts, Scene } from "./context.ts";
import { detailsPage } from "./details-page.ts";
import { showReply } from "./respond.ts";
import { ComponentType } from "discord.js";
import { type ConversationId, parseConversationId } from "../../../src/ids.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import { quoted } from "../../../src/commands/command-options.ts";

type Presser = (ports: InteractionPorts, scene: Scene, press: Press) => Promise<void>;

const NOT_OURS = "This button is not Parley's any more.";

/** A button, or a modal that was filled in. */
export async function pressButton(ports: InteractionPorts, scene: Scene): Promise<void> {
  const press = parsePress(scene.interaction.data.custom_id ?? "");
  if (!press) return scene.respond.whisper({ content: NOT_OURS });
  await PRESSERS[press.action](ports, scene, press);
}

export async function submitModal(ports: InteractionPorts, scene: Scene): Promise<void> {
  const { data } = scene.interaction;
  const press = parsePress(data.custom_id ?? "");
  if (!press) return scene.respond.whisper({ content: "This form is not Parley's any more." });
  await command(ports, scene, retryText(press.mark, data.components));
}

/** Runs a shared command; its reply is for who pressed the button: what it changes, everybody sees. */
async function command(ports: InteractionPorts, { respond, asking }: Scene, text: string) {
  await respond.defer(true);
  await showReply(respond, await ports.intake.command({ ...asking, text }), true);
}

/** The status says who stopped it; only a refusal needs words. */
const stop: Presser = async ({ intake }, { respond, asking }, { mark }) => {
  await respond.deferUpdate();
  const reply = await intake.command({ ...asking, text: `stop of ${mark.turn}` });
  if (!reply.ok) await respond.followUp({ content: `⚠️ ${reply.title}` });
};

const details: Presser = async (ports, scene, { mark, about }) => {
  const { respond, asking } = scene;
  // A page is turned in the message that shows it.
  await (about === "" ? respond.defer(true) : respond.deferUpdate());
  const reply = await ports.intake.command({ ...asking, text: `why ${mark.turn}` });
  const page = Number.parseInt(about, 10) || 0;
  await respond.edit(await detailsPage(ports, scene, { mark, reply, page }));
};

const feedback =
  (verdict: "up" | "down"): Presser =>
  async ({ intake, commands }, { respond, asking }, { mark }) => {
    await respond.defer(true);
    const { conversation, eventId, person } = asking;
    // The turn of another thread, or one that is forgotten, takes none.
    if ((await commands.turns.get(conversation, mark.turn)) === null)
      return void (await respond.edit({ content: NOT_OURS }));
    await intake.feedback({ conversation, eventId, person, turn: mark.turn, verdict });
    await respond.edit({ content: `Noted: ${verdict === "up" ? "👍" : "👎"}. Thank you.` });
  };

const PRESSERS: Readonly<Record<Action, Presser>> = {
  stop,
  details,
  why: details,
  retry: async (ports, { respond, asking }, { mark }) =>
    respond.modal(await retryModal(ports, asking.conversation, mark)),
  up: feedback("up"),
  down: feedback("down"),
  prefer: (ports, scene, { about }) => command(ports, scene, `prefer ${about}`),
  steer: (ports, scene, { about }) => command(ports, scene, `steer ${about}`),
  restart: (ports, scene, { about }) => command(ports, scene, `restart ${about}`),
  // It cannot be pressed.
  part: (_ports, { respond }) => respond.deferUpdate(),
};

/** Stands for the team that answers there; no team's name has a star. */
const SAME = "*";
const MOST_TEAMS = 24;

/** What "Retry…" opens: which team is to answer. */
export async function retryModal(
  { commands }: InteractionPorts,
  conversation: ConversationId,
  mark: DeliveryMark,
): Promise<unknown> {
  const there = await commands.teams.in(parseConversationId(conversation));
  const teams = there.list().filter(({ team }) => team !== null);
  const options = [
    { label: "The team that answers here", value: SAME, default: true },
    ...teams.slice(0, MOST_TEAMS).map(({ name, team }) => ({
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

/** The command that a filled-in modal stands for. */
export function retryText({ turn }: DeliveryMark, components: unknown): string {
  const [team = SAME] = chosen(components);
  return team === SAME ? `retry of ${turn}` : `retry with ${quoted(team)} of ${turn}`;
}

/** Values stand in a label, or, from older servers, in a row. */
function chosen(components: unknown): readonly string[] {
  if (Array.isArray(components)) return components.flatMap(chosen);
  if (typeof components !== "object" || components === null) return [];
  if ("values" in components && Array.isArray(components.values))
    return components.values.map(String);
  if ("component" in components) return chosen(components.component);
  return "components" in components ? chosen(components.components) : [];
}
