import { Routes } from "discord.js";
import { actionCommand } from "../../../src/adapter-kit/action-commands.ts";
import type { Clock } from "../../../src/clock.ts";
import type { Intake } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import { personOf, type RightsOf } from "../guilds/people.ts";
import { conversationOf } from "../ids.ts";
import { authorOf, markOf } from "../parse/read-message.ts";
import { fetchMessage } from "../threads/fetch-messages.ts";
import type { PlaceOfMessage } from "../threads/place-of-message.ts";
import { Reaction } from "../wire/events.ts";
import { User } from "../wire/message.ts";
import { retryEvent } from "./channel-queue.ts";

const STOP = "🛑";
const RETRY = "🔁";

interface ReactionPorts {
  readonly intake: Pick<Intake, "command">;
  readonly api: Api;
  readonly ownId: () => Promise<string>;
  readonly placeOf: PlaceOfMessage;
  readonly rightsOf: RightsOf;
  readonly clock: Clock;
}

/** MESSAGE_REACTION_ADD: 🛑 stops the thread's turn, 🔁 answers again. The thread shows the result. */
export const createReactionHandler =
  ({ intake, api, ownId, placeOf, rightsOf, clock }: ReactionPorts) =>
  async ({ data, key: eventId }: GatewayEvent): Promise<void> => {
    const reaction = Reaction.parse(data);
    const self = await ownId();
    if (!isForParley(reaction, self)) return;
    const { channel_id, message_id: id, guild_id, emoji } = reaction;
    const place = await placeOf({ id, channel_id, guild_id });
    if (!place) return;
    const person = await reactor(api, reaction);
    const roles = reaction.member?.roles ?? [];
    const rights = rightsOf({ id: person.id, guild: place.guild, roles });
    const text =
      emoji.name === STOP
        ? actionCommand({ type: "stop" })
        : await retryCommand(api, reaction, self);
    const command = { conversation: conversationOf(place), eventId, person, text, ...rights };
    await retryEvent(clock, () => intake.command(command));
  };

const isForParley = ({ emoji: { name }, user_id: user, member }: Reaction, self: string): boolean =>
  (name === STOP || name === RETRY) && !member?.user?.bot && user !== self;

/** 🔁 on an answer answers the question of that answer again. */
async function retryCommand(
  api: Api,
  { channel_id: channel, message_id: id }: Reaction,
  self: string,
): Promise<string> {
  const message = await fetchMessage(api, { channel, id });
  const mark = authorOf(message, self).kind === "self" ? markOf(message) : undefined;
  return actionCommand({ type: "retry", turn: mark?.kind === "note" ? undefined : mark?.turn });
}

/** In direct messages the event has only the person's id. */
async function reactor(api: Api, { member, user_id: id }: Reaction) {
  if (member?.user) return personOf(member.user);
  const call = { method: "GET", route: Routes.user(id), what: "asking for a name" } as const;
  return personOf(await api.call(call, User));
}
