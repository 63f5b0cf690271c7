import type { MessageForm } from "../forms/message-form.ts";
import { type Call, param, type Route } from "../rest/call.ts";
import type { Json } from "../wire/json.ts";
import { messageJson } from "../wire/message-json.ts";
import type { Channel } from "../world/channel.ts";
import { channelOf, messageOf } from "../world/look-up.ts";
import { MESSAGE, type Message, type MessageReference } from "../world/message.ts";
import { createMessage, deleteMessage, editMessage } from "../world/message-life.ts";
import { may, require, requireAwake, requirePosting } from "../world/permit.ts";
import { invalidForm, refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import { readHistory } from "./history.ts";
import { readDraft, readEdit, type ReadDraft } from "./read-draft.ts";

/** How long a nonce is remembered, ms: "the past few minutes". */
const NONCE_MS = 5 * 60_000;
const HOUR_MS = 60 * 60_000;
/** Edits of messages older than an hour, per channel; as users have documented it. */
const OLD_EDITS = { limit: 3, perMs: 6_000 };

const SYSTEM: readonly number[] = [MESSAGE.join, MESSAGE.threadCreated, MESSAGE.threadStarter];

export function messageEndpoints(world: World): readonly Route[] {
  const bot = world.application.user.id;
  const oldEdits = new Map<string, number[]>();
  const show = (message: Message): Json =>
    messageJson(world, message, { withContent: world.application.privileged.messageContent });
  const find = (call: Call) => {
    const channel = channelOf(world, param(call, "channel"));
    const doer = { world, channel, userId: bot };
    require(doer);
    return { channel, doer };
  };
  const findMessage = (call: Call) => {
    const found = find(call);
    return { ...found, message: messageOf(found.channel, param(call, "message")) };
  };
  return [
    {
      pattern: "GET /channels/:channel/messages",
      run(call) {
        const { channel, doer } = find(call);
        const page = readHistory(channel, call.query);
        return may(doer, "READ_MESSAGE_HISTORY") ? page.map(show) : [];
      },
    },
    {
      pattern: "GET /channels/:channel/messages/:message",
      run(call) {
        const { doer, message } = findMessage(call);
        require(doer, "READ_MESSAGE_HISTORY");
        return show(message);
      },
    },
    {
      pattern: "POST /channels/:channel/messages",
      run(call) {
        const { channel } = find(call);
        return show(post(world, channel, readDraft(world, call)));
      },
    },
    {
      pattern: "PATCH /channels/:channel/messages/:message",
      run(call) {
        const { channel, message } = findMessage(call);
        if (SYSTEM.includes(message.type)) throw refusal("systemMessage");
        if (message.authorId !== bot) throw refusal("notYours");
        const edit = readEdit(world, call, message);
        requireAwake(channel);
        takeOldEdit(world, oldEdits, message);
        editMessage(world, channel, message, edit);
        return show(message);
      },
    },
    {
      pattern: "DELETE /channels/:channel/messages/:message",
      run(call) {
        const { channel, doer, message } = findMessage(call);
        if (message.authorId !== bot) require(doer, "MANAGE_MESSAGES");
        deleteMessage(world, channel, message);
        return undefined;
      },
    },
  ];
}

/** Posts as the bot; the same nonce within minutes gives the message that is already there. */
export function post(world: World, channel: Channel, { form, draft }: ReadDraft): Message {
  const userId = world.application.user.id;
  const reference = referenceOf(channel, form);
  requirePosting(
    { world, channel, userId },
    {
      hasEmbeds: (draft.embeds?.length ?? 0) > 0,
      hasFiles: (draft.files?.length ?? 0) > 0,
      isReply: reference !== null,
    },
  );
  const known = form.enforce_nonce ? sameNonce(world, channel, form.nonce) : undefined;
  return known ?? createMessage(world, channel, { ...draft, authorId: userId, reference });
}

function sameNonce(
  world: World,
  channel: Channel,
  nonce: MessageForm["nonce"],
): Message | undefined {
  const since = world.time.now() - NONCE_MS;
  return [...channel.messages.values()].findLast(
    (message) =>
      message.nonce === nonce &&
      message.authorId === world.application.user.id &&
      message.createdAt > since,
  );
}

function referenceOf(channel: Channel, form: MessageForm): MessageReference | null {
  const sent = form.message_reference;
  if (!sent) return null;
  const target = channel.messages.get(sent.message_id);
  if (target && !SYSTEM.includes(target.type)) {
    return { messageId: target.id, channelId: channel.id, guildId: channel.guildId };
  }
  if (sent.fail_if_not_exists === false) return null;
  const words = target
    ? {
        code: "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
        message: "Cannot reply to a system message",
      }
    : { code: "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", message: "Unknown message" };
  throw invalidForm([{ path: ["message_reference"], ...words }]);
}

/** Throws 30046 when a channel's old messages are edited too often. */
function takeOldEdit(world: World, edits: Map<string, number[]>, message: Message): void {
  const now = world.time.now();
  if (now - message.createdAt <= HOUR_MS) return;
  const recent = (edits.get(message.channelId) ?? []).filter((at) => at > now - OLD_EDITS.perMs);
  const [oldest] = recent;
  if (recent.length >= OLD_EDITS.limit && oldest !== undefined) {
    throw refusal("editsOfOldMessages", { retryAfterMs: oldest + OLD_EDITS.perMs - now });
  }
  edits.set(message.channelId, [...recent, now]);
}
