import { randomBytes } from "node:crypto";
import { asText } from "../wire/json.ts";
import { interactionJson } from "../wire/interaction-json.ts";
import type { Channel } from "./channel.ts";
import { INTERACTION, type Interaction, TOKEN_MS } from "./interaction.ts";
import { channelOf } from "./look-up.ts";
import { MESSAGE, MESSAGE_FLAG, type Message } from "./message.ts";
import { createMessage, type Draft, type Edit, editMessage } from "./message-life.ts";
import { refusal } from "./refusal.ts";
import type { World } from "./world.ts";

export type NewInteraction = Pick<
  Interaction,
  "type" | "userId" | "channelId" | "commandName" | "data" | "message"
>;

/** Tells the bot; resolves the interaction's outcome when it answers, or after three seconds. */
export function startInteraction(world: World, what: NewInteraction): Promise<Interaction> {
  const { promise, resolve } = Promise.withResolvers<Interaction>();
  const interaction: Interaction = {
    ...what,
    id: world.ids.next(),
    token: randomBytes(48).toString("base64url"),
    createdAt: world.time.now(),
    outcome: "waiting",
    original: null,
    isThinking: false,
    replies: [],
    modal: null,
    choices: null,
    settle: () => {
      cancel();
      resolve(interaction);
    },
  };
  world.interactions.set(interaction.id, interaction);
  const cancel = world.time.setTimer(world.acknowledgeMs, () => fail(world, interaction));
  const channel = channelOf(world, interaction.channelId);
  world.dispatch({
    name: "INTERACTION_CREATE",
    intent: null,
    guildId: channel.guildId,
    data: () => interactionJson(world, interaction),
  });
  return promise;
}

function fail(world: World, interaction: Interaction): void {
  interaction.outcome = "failed";
  const what = interaction.commandName ?? asText(interaction.data["custom_id"]);
  world.violations.push(`interaction "${what}" was not acknowledged within three seconds`);
  interaction.settle();
}

/** The interaction of a callback that is still in time; throws 10062 and 40060. */
export function waitingInteraction(world: World, id: string, token: string): Interaction {
  const interaction = world.interactions.get(id);
  if (!interaction || interaction.token !== token || interaction.outcome === "failed") {
    throw refusal("unknownInteraction");
  }
  if (interaction.outcome !== "waiting") throw refusal("alreadyAcknowledged");
  return interaction;
}

/** The interaction that a token of the last fifteen minutes belongs to; throws 50027 and 10015. */
export function openInteraction(world: World, token: string): Interaction {
  const interaction = [...world.interactions.values()].findLast((one) => one.token === token);
  if (!interaction) throw refusal("invalidToken");
  if (world.time.now() - interaction.createdAt > TOKEN_MS) throw refusal("invalidToken");
  if (["waiting", "failed"].includes(interaction.outcome)) throw refusal("unknownWebhook");
  return interaction;
}

const typeOfReply = ({ type, message }: Interaction): number => {
  if (type === INTERACTION.command) return MESSAGE.chatCommand;
  return message ? MESSAGE.reply : MESSAGE.plain;
};

/** Posts an answer; `isEphemeral`: for the person alone. */
export function replyTo(
  world: World,
  interaction: Interaction,
  draft: Omit<Draft, "authorId">,
  isEphemeral: boolean,
): Message {
  const channel = channelOf(world, interaction.channelId);
  const { message: source } = interaction;
  const message = createMessage(world, channel, {
    ...draft,
    authorId: world.application.user.id,
    type: typeOfReply(interaction),
    flags: (draft.flags ?? 0) | (isEphemeral ? MESSAGE_FLAG.ephemeral : 0),
    interaction: {
      id: interaction.id,
      type: interaction.type,
      userId: interaction.userId,
      name: interaction.commandName,
    },
    visibleTo: isEphemeral ? interaction.userId : null,
    reference: source && { messageId: source.id, channelId: channel.id, guildId: channel.guildId },
  });
  interaction.replies.push(message);
  return message;
}

/** Fills in or changes an answer. */
export function changeReply(
  world: World,
  interaction: Interaction,
  message: Message,
  edit: Edit,
): void {
  const channel: Channel = channelOf(world, interaction.channelId);
  const isFirst = interaction.isThinking && message === interaction.original;
  message.flags &= ~MESSAGE_FLAG.loading;
  editMessage(world, channel, message, {
    ...edit,
    flags: (edit.flags ?? 0) & ~MESSAGE_FLAG.loading,
  });
  if (isFirst) {
    interaction.isThinking = false;
    message.editedAt = null;
  }
}
