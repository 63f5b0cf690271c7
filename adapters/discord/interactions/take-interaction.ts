import { ApplicationCommandType, InteractionType } from "discord.js";
import { PlatformError } from "../../../src/platform.ts";
import { formatRefusal, isRefusal } from "../intake/refusals.ts";
import { codeOf, CODES } from "../api/errors.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import { Interaction } from "../wire/interaction.ts";
import { askAboutMessage } from "./ask.ts";
import { complete, runCommand } from "./slash-command.ts";
import { type InteractionPorts, type Scene, setScene } from "./context.ts";
import { pressButton, submitModal } from "./press-button.ts";

/** INTERACTION_CREATE. What fails after it was acknowledged is told the person who asked. */
export const createInteractionTaker =
  (ports: InteractionPorts) =>
  async ({ data }: GatewayEvent): Promise<void> => {
    const interaction = Interaction.parse(data);
    const scene = await setScene(ports, interaction);
    try {
      await take(ports, scene);
    } catch (error) {
      // Somebody else has answered it: another process, or this one before a resume.
      if (codeOf(error) === CODES.alreadyAcknowledged) return;
      if (codeOf(error) !== CODES.unknownInteraction) await apologize(ports, scene, error);
      ports.onProblem(error);
    }
  };

function take(ports: InteractionPorts, scene: Scene): Promise<void> {
  const { type, data } = scene.interaction;
  switch (type) {
    case InteractionType.ApplicationCommand:
      return data.type === ApplicationCommandType.Message
        ? askAboutMessage(ports, scene)
        : runCommand(ports, scene);
    case InteractionType.MessageComponent:
      return pressButton(ports, scene);
    case InteractionType.ApplicationCommandAutocomplete:
      return complete(ports, scene);
    case InteractionType.ModalSubmit:
      return submitModal(ports, scene);
    default:
      return Promise.resolve();
  }
}

async function apologize(ports: InteractionPorts, scene: Scene, error: unknown): Promise<void> {
  const { respond, interaction, channel } = scene;
  if (interaction.type === InteractionType.ApplicationCommandAutocomplete) return;
  const why = isRefusal(error)
    ? formatRefusal(ports, error, { channel_id: channel.id })
    : explain(error);
  await respond.followUp({ content: `⚠️ ${why}` }).catch(() => {});
}

/** What people can make use of; the rest stands in the log of whoever runs Parley. */
const explain = (error: unknown): string =>
  error instanceof PlatformError
    ? `That did not work. ${error.message.slice(0, 1_500)}`
    : "That did not work, for a reason that only the log of whoever runs Parley knows. Please try it once more.";
