import { z } from "zod";
import { Choices, Modal } from "../forms/modal-form.ts";
import { parseForm } from "../forms/parse-form.ts";
import { type Answer, type Call, param, type Route } from "../rest/call.ts";
import { asJson, type Json, JsonObject } from "../wire/json.ts";
import { messageJson } from "../wire/message-json.ts";
import { INTERACTION, type Interaction, type Outcome } from "../world/interaction.ts";
import { replyTo, waitingInteraction } from "../world/interaction-life.ts";
import { channelOf } from "../world/look-up.ts";
import { MESSAGE_FLAG } from "../world/message.ts";
import { editMessage } from "../world/message-life.ts";
import { invalidForm } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import { readDraft, readEdit } from "./read-draft.ts";

/** Discord's numbers of first answers. */
const CALLBACK = { message: 4, thinking: 5, deferred: 6, update: 7, choices: 8, modal: 9 } as const;

const Callback = z.looseObject({ type: z.int(), data: JsonObject.nullish() });

const isAutocomplete = ({ type }: Interaction): boolean => type === INTERACTION.autocomplete;
const hasMessage = ({ message }: Interaction): boolean => message !== null;

/** Which first answers an interaction takes. */
const FITS: Readonly<Record<number, (interaction: Interaction) => boolean>> = {
  [CALLBACK.message]: (interaction) => !isAutocomplete(interaction),
  [CALLBACK.thinking]: (interaction) => !isAutocomplete(interaction),
  [CALLBACK.deferred]: hasMessage,
  [CALLBACK.update]: hasMessage,
  [CALLBACK.choices]: isAutocomplete,
  [CALLBACK.modal]: ({ type }) => type === INTERACTION.command || type === INTERACTION.component,
};

interface Given {
  readonly world: World;
  readonly interaction: Interaction;
  readonly call: Call;
  readonly data: Json;
}

const isEphemeral = (data: Json): boolean =>
  (Number(data["flags"] ?? 0) & MESSAGE_FLAG.ephemeral) !== 0;

/** What each first answer does; it throws before anything has changed. */
const ANSWERS: Readonly<Record<number, (given: Given) => Outcome>> = {
  [CALLBACK.message]({ world, interaction, call, data }) {
    const { draft } = readDraft(world, { body: data, files: call.files });
    interaction.original = replyTo(world, interaction, draft, isEphemeral(data));
    return "message";
  },
  [CALLBACK.thinking]({ world, interaction, data }) {
    const draft = { flags: MESSAGE_FLAG.loading };
    interaction.isThinking = true;
    interaction.original = replyTo(world, interaction, draft, isEphemeral(data));
    return "thinking";
  },
  [CALLBACK.deferred]({ interaction }) {
    interaction.original = interaction.message;
    return "deferred";
  },
  [CALLBACK.update]({ world, interaction, call, data }) {
    const { message } = interaction;
    if (message) {
      const edit = readEdit(world, { body: data, files: call.files }, message);
      editMessage(world, channelOf(world, message.channelId), message, edit);
    }
    interaction.original = message;
    return "updated";
  },
  [CALLBACK.choices]({ interaction, data }) {
    interaction.choices = parseForm(Choices, data).choices;
    return "choices";
  },
  [CALLBACK.modal]({ interaction, data }) {
    interaction.modal = parseForm(Modal, data);
    return "modal";
  },
};

export function interactionEndpoints(world: World): readonly Route[] {
  return [
    {
      pattern: "POST /interactions/:interaction/:token/callback",
      needsToken: false,
      limit: "none",
      run(call) {
        const interaction = waitingInteraction(
          world,
          param(call, "interaction"),
          param(call, "token"),
        );
        const { type, data } = parseForm(Callback, call.body);
        const answer = ANSWERS[type];
        if (!answer || !FITS[type]?.(interaction)) throw wrongType(type, interaction);
        interaction.outcome = answer({ world, interaction, call, data: asJson(data) });
        interaction.settle();
        const wantsResponse = call.query.get("with_response") === "true";
        return wantsResponse ? responseJson(world, interaction, type) : undefined;
      },
    },
  ];
}

const wrongType = (type: number, interaction: Interaction) =>
  invalidForm([
    {
      path: ["type"],
      code: "INTERACTION_CALLBACK_TYPE_INVALID",
      message: `A callback of type ${type} does not answer an interaction of type ${interaction.type}.`,
    },
  ]);

function responseJson(world: World, interaction: Interaction, type: number): Answer {
  const { original } = interaction;
  const message = original && messageJson(world, original, { withContent: true });
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      channel_id: interaction.channelId,
      ...(original && {
        response_message_id: original.id,
        response_message_loading: interaction.isThinking,
        response_message_ephemeral: original.visibleTo !== null,
      }),
    },
    resource: { type, ...(message && { message }) },
  };
}
