import { Routes } from "discord.js";
import { z } from "zod";
import type { GatewayEvent } from "../gateway/listen.ts";
import { authorOf, markOf, personOf } from "../parse/read-message.ts";
import { conversationOf } from "../ids.ts";
import { Message, User } from "../wire/message.ts";
import { placeOfMessage } from "./changes.ts";
import { type IntakePorts, tryAgain } from "./intake-ports.ts";

const Reaction = z.object({
  user_id: z.string(),
  channel_id: z.string(),
  message_id: z.string(),
  guild_id: z.string().nullish(),
  member: z
    .object({ user: User.nullish(), roles: z.array(z.string()).default([]) })
    .nullish()
    .catch(null),
  emoji: z.object({ name: z.string().nullish() }),
});
type Reaction = z.infer<typeof Reaction>;

const STOP = "🛑";
const AGAIN = "🔁";

/** MESSAGE_REACTION_ADD: 🛑 stops what runs there, 🔁 has it answered again. What comes of it shows in the thread. */
export const createReactionTaker =
  (ports: IntakePorts) =>
  async ({ data, key: eventId }: GatewayEvent): Promise<void> => {
    const reaction = Reaction.parse(data);
    if (!(await isMeant(ports, reaction))) return;
    const { channel_id, message_id: id, guild_id, emoji } = reaction;
    const place = await placeOfMessage(ports, { id, channel_id, guild_id });
    if (!place) return;
    const person = await reactor(ports, reaction);
    const roles = reaction.member?.roles ?? [];
    const standing = ports.standingOf({ id: person.id, guild: place.guild, roles });
    const text = emoji.name === STOP ? "stop" : await retryText(ports, reaction);
    const conversation = conversationOf(place);
    const command = { conversation, eventId, person, text, ...standing };
    await tryAgain(ports.clock, () => ports.intake.command(command));
  };

const isMeant = async (
  { identity }: IntakePorts,
  { emoji: { name }, user_id: user, member }: Reaction,
): Promise<boolean> =>
  (name === STOP || name === AGAIN) && !member?.user?.bot && user !== (await identity());

/** 🔁 on an answer is about that answer's question. */
async function retryText(
  { api, identity }: IntakePorts,
  { channel_id: channel, message_id: id }: Reaction,
): Promise<string> {
  const route = Routes.channelMessage(channel, id);
  const message = await api.call({ method: "GET", route, what: "reading a message" }, Message);
  const self = await identity();
  const mark = authorOf(message, self).kind === "self" ? markOf(message) : undefined;
  return mark && mark.kind !== "note" ? `retry of ${mark.turn}` : "retry";
}

/** In direct messages Discord does not say who it is by name. */
async function reactor({ api }: IntakePorts, { member, user_id: id }: Reaction) {
  if (member?.user) return personOf(member.user);
  const call = { method: "GET", route: Routes.user(id), what: "asking for a name" } as const;
  return personOf(await api.call(call, User));
}
