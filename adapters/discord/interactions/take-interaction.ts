import { ApplicationCommandType, InteractionType } from "discord.js";
import { type Intake, PlatformError } from "../../../src/platform.ts";
import { codeOf, CODES } from "../api/errors.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import type { Guilds } from "../guilds/guilds.ts";
import type { RightsOf } from "../guilds/people.ts";
import type { Channels } from "../threads/channels.ts";
import { formatRefusal, isRefusal } from "../intake/refusals.ts";
import { Interaction } from "../wire/interaction.ts";
import { type AskPorts, createAsking } from "./ask.ts";
import { type InteractionContext, readContext } from "./context.ts";
import { pressButton, submitModal } from "./press-button.ts";
import { complete, runCommand } from "./slash-command.ts";

interface InteractionPorts extends AskPorts {
  readonly intake: Intake;
  readonly guilds: Guilds;
  readonly channels: Channels;
  readonly rightsOf: RightsOf;
  readonly onProblem: (problem: unknown) => void;
}

/** INTERACTION_CREATE. A failure after the acknowledgement is shown to the user. */
export function createInteractionHandler(ports: InteractionPorts) {
  const { guilds, onProblem } = ports;
  const handle = createHandlers(ports);
  return async ({ data }: GatewayEvent): Promise<void> => {
    const context = await readContext(ports, Interaction.parse(data));
    try {
      await handle(context);
    } catch (error) {
      // Another process, or this one before a resume, has answered the interaction.
      if (codeOf(error) === CODES.alreadyAcknowledged) return;
      if (codeOf(error) !== CODES.unknownInteraction) await showFailure(guilds, context, error);
      onProblem(error);
    }
  };
}

function createHandlers(ports: InteractionPorts) {
  const { intake, guilds, commands, onProblem } = ports;
  const asking = createAsking(ports);
  return (context: InteractionContext): Promise<void> => {
    const { type, data } = context.interaction;
    switch (type) {
      case InteractionType.ApplicationCommand:
        return data.type === ApplicationCommandType.Message
          ? asking.askAboutMessage(context)
          : runCommand({ intake, guilds, asking }, context);
      case InteractionType.MessageComponent:
        return pressButton({ intake, commands }, context);
      case InteractionType.ApplicationCommandAutocomplete:
        return complete({ guilds, commands, onProblem }, context);
      case InteractionType.ModalSubmit:
        return submitModal({ intake, commands }, context);
      default:
        return Promise.resolve();
    }
  };
}

async function showFailure(
  guilds: Pick<Guilds, "permissionsIn">,
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
