import { type Call, param, type Route } from "../rest/call.ts";
import { userJson } from "../wire/user-json.ts";
import { channelOf, messageOf } from "../world/look-up.ts";
import { may, require, requireAwake } from "../world/permit.ts";
import { addReaction, removeReaction } from "../world/reaction-life.ts";
import { refusal } from "../world/refusal.ts";
import { startTyping } from "../world/typing.ts";
import type { World } from "../world/world.ts";

/** Unicode, or `name:id` of a guild's own. */
const EMOJI = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}|\w+:\d{17,19})$/v;

export function reactionEndpoints(world: World): readonly Route[] {
  const bot = world.application.user.id;
  const find = (call: Call) => {
    const channel = channelOf(world, param(call, "channel"));
    const doer = { world, channel, userId: bot };
    require(doer, "READ_MESSAGE_HISTORY");
    const message = messageOf(channel, param(call, "message"));
    const emoji = param(call, "emoji");
    if (!EMOJI.test(emoji)) throw refusal("unknownEmoji");
    return { doer, reaction: { channel, message, emoji, userId: bot } };
  };
  const path = "/channels/:channel/messages/:message/reactions/:emoji";
  return [
    {
      pattern: `PUT ${path}/@me`,
      run(call) {
        const { doer, reaction } = find(call);
        requireAwake(doer.channel);
        if (!reaction.message.reactions.has(reaction.emoji)) require(doer, "ADD_REACTIONS");
        addReaction(world, reaction);
        return undefined;
      },
    },
    {
      pattern: `DELETE ${path}/@me`,
      run(call) {
        const { doer, reaction } = find(call);
        requireAwake(doer.channel);
        removeReaction(world, reaction);
        return undefined;
      },
    },
    {
      pattern: `DELETE ${path}/:user`,
      run(call) {
        const { doer, reaction } = find(call);
        if (!may(doer, "MANAGE_MESSAGES")) throw refusal("missingPermissions");
        removeReaction(world, { ...reaction, userId: param(call, "user") });
        return undefined;
      },
    },
    {
      pattern: `GET ${path}`,
      run(call) {
        const { message, emoji } = find(call).reaction;
        return [...(message.reactions.get(emoji) ?? [])].flatMap((id) => {
          const user = world.users.get(id);
          return user ? [userJson(user)] : [];
        });
      },
    },
    {
      pattern: "POST /channels/:channel/typing",
      run(call) {
        const channel = channelOf(world, param(call, "channel"));
        const doer = { world, channel, userId: bot };
        require(doer, channel.thread ? "SEND_MESSAGES_IN_THREADS" : "SEND_MESSAGES");
        startTyping(world, channel, bot);
        return undefined;
      },
    },
  ];
}
