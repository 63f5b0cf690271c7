import { type Call, param, type Route } from "../rest/call.ts";
import type { Json } from "../wire/json.ts";
import { messageJson } from "../wire/message-json.ts";
import type { Interaction } from "../world/interaction.ts";
import { changeReply, openInteraction, replyTo } from "../world/interaction-life.ts";
import { channelOf } from "../world/look-up.ts";
import { MESSAGE_FLAG, type Message } from "../world/message.ts";
import { createMessage, deleteMessage } from "../world/message-life.ts";
import { refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import { readDraft, readEdit } from "./read-draft.ts";

/** Messages by webhook token: followups of interactions, and incoming webhooks. */
export function followupEndpoints(world: World): readonly Route[] {
  const show = (message: Message): Json => messageJson(world, message, { withContent: true });
  const find = (call: Call) => {
    if (param(call, "webhook") !== world.application.id) throw refusal("unknownWebhook");
    const interaction = openInteraction(world, param(call, "token"));
    return { interaction, message: replyOf(interaction, param(call, "message")) };
  };
  const path = "/webhooks/:webhook/:token";
  const open = { needsToken: false, limit: "own" } as const;
  return [
    {
      ...open,
      pattern: `POST ${path}`,
      run(call) {
        if (param(call, "webhook") !== world.application.id) return executeWebhook(world, call);
        return show(followUp(world, openInteraction(world, param(call, "token")), call));
      },
    },
    {
      ...open,
      pattern: `GET ${path}/messages/:message`,
      run: (call) => show(find(call).message),
    },
    {
      ...open,
      pattern: `PATCH ${path}/messages/:message`,
      run(call) {
        const { interaction, message } = find(call);
        changeReply(world, interaction, message, readEdit(world, call, message));
        return show(message);
      },
    },
    {
      ...open,
      pattern: `DELETE ${path}/messages/:message`,
      run(call) {
        const { interaction, message } = find(call);
        deleteMessage(world, channelOf(world, interaction.channelId), message);
        return undefined;
      },
    },
  ];
}

function replyOf(interaction: Interaction, id: string): Message {
  const message =
    id === "@original"
      ? interaction.original
      : interaction.replies.find((reply) => reply.id === id);
  if (!message) throw refusal("unknownMessage");
  return message;
}

/** Right after a deferred answer it fills that in, whatever it says about being ephemeral. */
function followUp(world: World, interaction: Interaction, call: Call): Message {
  const { form, draft } = readDraft(world, call);
  const { original, isThinking } = interaction;
  if (isThinking && original) {
    changeReply(world, interaction, original, draft);
    return original;
  }
  const isEphemeral = ((form.flags ?? 0) & MESSAGE_FLAG.ephemeral) !== 0;
  return replyTo(world, interaction, draft, isEphemeral);
}

function executeWebhook(world: World, call: Call): Json | undefined {
  const webhook = world.webhooks.get(param(call, "webhook"));
  if (!webhook) throw refusal("unknownWebhook");
  if (webhook.token !== param(call, "token")) throw refusal("invalidToken");
  const channel = channelOf(world, call.query.get("thread_id") ?? webhook.channelId);
  const { draft } = readDraft(world, call);
  const message = createMessage(world, channel, { ...draft, authorId: webhook.id, webhook });
  const isAwaited = call.query.get("wait") === "true";
  return isAwaited ? messageJson(world, message, { withContent: true }) : undefined;
}
