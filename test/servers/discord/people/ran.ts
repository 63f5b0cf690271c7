import { INTERACTION, type Interaction, type Outcome } from "../world/interaction.ts";
import { type NewInteraction, startInteraction } from "../world/interaction-life.ts";
import { asText, type Json } from "../wire/json.ts";
import type { World } from "../world/world.ts";
import { type Filled, type SeenModal, seenModal, submitData } from "./modal.ts";
import { seen, type SeenMessage } from "./seen.ts";

/** What came of a command, a click or a form; it keeps up with later answers. */
export interface Ran {
  readonly id: string;
  /** How it was answered first; `failed` shows "The application did not respond". */
  readonly outcome: Outcome;
  /** Its answers as its person sees them, oldest first. */
  replies(): readonly SeenMessage[];
  /** The first answer's text; "" while there is none. */
  readonly text: string;
  readonly modal: SeenModal | null;
  /** Suggestions of an autocomplete. */
  readonly choices: readonly { readonly name: string; readonly value: string | number }[];
  /** Fills in the form and sends it. */
  submits(filled: Filled): Promise<Ran>;
}

/** Does it, and resolves when the bot has answered first, or has not in three seconds. */
export async function act(world: World, what: NewInteraction): Promise<Ran> {
  return ranOf(world, await startInteraction(world, what));
}

const choiceOf = ({ name, value }: Json) => ({
  name: asText(name),
  value: typeof value === "number" ? value : asText(value),
});

function ranOf(world: World, interaction: Interaction): Ran {
  const replies = () => {
    const channel = world.channels.get(interaction.channelId);
    return interaction.replies
      .filter(({ id }) => channel?.messages.has(id))
      .map((message) => seen(world, message));
  };
  return {
    id: interaction.id,
    get outcome() {
      return interaction.outcome;
    },
    replies,
    get text() {
      return replies()[0]?.text ?? "";
    },
    get modal() {
      return interaction.modal && seenModal(interaction.modal);
    },
    get choices() {
      return (interaction.choices ?? []).map(choiceOf);
    },
    async submits(filled) {
      const { modal, userId, channelId, message } = interaction;
      if (!modal) throw new Error("There is no form to fill in.");
      return act(world, {
        type: INTERACTION.modal,
        userId,
        channelId,
        message,
        commandName: null,
        data: submitData(modal, filled),
      });
    },
  };
}
