import { z } from "zod";
import type { Spot } from "../state/talk.ts";
import type { Message } from "../state/message.ts";
import { wireMessage } from "../state/wire-message.ts";
import { ApiError } from "./api-error.ts";
import { text } from "./arguments.ts";
import { channelOf, method, type Caller, type Method } from "./method.ts";

const item = { channel: z.string(), timestamp: text };
const named = { ...item, name: z.string() };
type Item = z.infer<z.ZodObject<typeof item>>;

const EMOJI = /^[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?$/;

export const reactionMethods: Readonly<Record<string, Method>> = {
  "reactions.add": method({ scopes: ["reactions:write"], tier: 3 }, named, (caller, args) =>
    react(caller, args, { isOn: true, refusal: "already_reacted" }),
  ),
  "reactions.remove": method({ scopes: ["reactions:write"], tier: 2 }, named, (caller, args) =>
    react(caller, args, { isOn: false, refusal: "no_reaction" }),
  ),
  "reactions.get": method({ scopes: ["reactions:read"], tier: 3 }, item, (caller, args) => {
    const { spot, message } = found(caller, args);
    const wire = wireMessage(message, {
      ...spot,
      origin: caller.world.origin(),
      withMetadata: false,
    });
    return { type: "message", channel: spot.channel.id, message: wire };
  }),
};

function react(
  caller: Caller,
  args: Item & { readonly name: string },
  { isOn, refusal }: { isOn: boolean; refusal: string },
) {
  if (!EMOJI.test(args.name)) throw new ApiError("invalid_name");
  const { spot, message } = found(caller, args);
  const how = { name: args.name, user: caller.install.botUser, isOn };
  if (!caller.talk.react(spot, message, how)) throw new ApiError(refusal);
  return {};
}

function found(caller: Caller, args: Item): { spot: Spot; message: Message } {
  const channel = channelOf(caller, args.channel);
  const message = channel.messages.get(args.timestamp);
  if (!message) throw new ApiError("message_not_found");
  return { spot: { workspace: caller.workspace, channel }, message };
}
