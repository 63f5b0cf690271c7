import { ApplicationCommandType, InteractionType } from "discord.js";
import { PlatformError } from "../../../src/platform.ts";
import { codeOf, CODES } from "../api/errors.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import { formatRefusal, isRefusal } from "../intake/refusals.ts";
import { Interaction } from "../wire/interaction.ts";
import { askAboutMessage } from "./ask.ts";
import { type InteractionContext, type InteractionDeps, readContext } from "./context.ts";
import { pressButton, submitModal } from "./press-button.ts";
import { complete, runCommand } from "./slash-command.ts";

/** INTERACTION_CREATE. A failure after the acknowledgement is shown to the user. */
export const createInteractionHandler =
  (deps: InteractionDeps) =>
  async ({ data }: GatewayEvent): Promise<void> => {
    const context = await readContext(deps, Interaction.parse(data));
    try {
      await handle(deps, context);
    } catch (error) {
      // Another process, or this one before a resume, has answered the interaction.
      if (codeOf(error) === CODES.alreadyAcknowledged) return;
      if (codeOf(error) !== CODES.unknownInteraction) await showFailure(deps, context, error);
      deps.onProblem(error);
    }
  };

function handle(deps: InteractionDeps, context: InteractionContext): Promise<void> {
  const { type, data } = context.interaction;
  switch (type) {
    case InteractionType.ApplicationCommand:
      return data.type === ApplicationCommandType.Message
        ? askAboutMessage(deps, context)
        : runCommand(deps, context);
    case InteractionType.MessageComponent:
      return pressButton(deps, context);
    case InteractionType.ApplicationCommandAutocomplete:
      return complete(deps, context);
    case InteractionType.ModalSubmit:
      return submitModal(deps, context);
    default:
      return Promise.resolve();
  }
}

async function showFailure(
  { guilds }: Pick<InteractionDeps, "guilds">,
  { respond, interaction, channel }: InteractionContext,
  error: unknown,
): Promise<void> {
  if (interaction.type === InteractionType.ApplicationCommandAutocomplete) return;
  const why = isRefusal(error) ? formatRefusal(guilds, error, channel.id) : explain(error);
  await respond.followUp({ content: `⚠️ ${why}` }).catch(() => {});
}

/** Only what people can act on; the log has the rest. */
const explain = (error: unknown): string =>
  error instanceof PlatformError
    ? `That did not work. ${error.message.slice(0, 1_500)}`
    : "That did not work. The log of whoever runs Parley says why. Please try again.";
