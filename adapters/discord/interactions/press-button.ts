import type { Action, Press } from "../parse/mark.ts";
import { parsePress } from "../parse/mark.ts";
import type { InteractionPorts, Scene } from "./interaction-ports.ts";
import { retryModal, retryText } from "./retry-modal.ts";
import { detailsPage } from "./show-details.ts";
import { showReply } from "./show-reply.ts";

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
