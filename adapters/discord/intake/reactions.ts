import { Routes } from "discord.js";
import { actionCommand } from "../../../src/adapter-kit/action-commands.ts";
import type { GatewayEvent } from "../gateway/listen.ts";
import { personOf } from "../guilds/people.ts";
import { conversationOf } from "../ids.ts";
import { authorOf, markOf } from "../parse/read-message.ts";
import { fetchMessage } from "../threads/fetch-messages.ts";
import { Reaction } from "../wire/events.ts";
import { User } from "../wire/message.ts";
import { placeOfMessage } from "./changes.ts";
import { type EventDeps, retryEvent } from "./event-deps.ts";

const STOP = "🛑";
const RETRY = "🔁";

/** MESSAGE_REACTION_ADD: 🛑 stops the thread's turn, 🔁 answers again. The thread shows the result. */
export const createReactionHandler =
  (deps: EventDeps) =>
  async ({ data, key: eventId }: GatewayEvent): Promise<void> => {
    const reaction = Reaction.parse(data);
    if (!(await isForParley(deps, reaction))) return;
    const { channel_id, message_id: id, guild_id, emoji } = reaction;
    const place = await placeOfMessage(deps, { id, channel_id, guild_id });
    if (!place) return;
    const person = await reactor(deps, reaction);
    const roles = reaction.member?.roles ?? [];
    const rights = deps.rightsOf({ id: person.id, guild: place.guild, roles });
    const text =
      emoji.name === STOP ? actionCommand({ type: "stop" }) : await retryCommand(deps, reaction);
    const command = { conversation: conversationOf(place), eventId, person, text, ...rights };
    await retryEvent(deps, () => deps.intake.command(command));
  };

const isForParley = async (
  { ownId }: Pick<EventDeps, "ownId">,
  { emoji: { name }, user_id: user, member }: Reaction,
): Promise<boolean> =>
  (name === STOP || name === RETRY) && !member?.user?.bot && user !== (await ownId());

/** 🔁 on an answer answers the question of that answer again. */
async function retryCommand(
  { api, ownId }: Pick<EventDeps, "api" | "ownId">,
  { channel_id: channel, message_id: id }: Reaction,
): Promise<string> {
  const message = await fetchMessage(api, { channel, id });
  const isOwn = authorOf(message, await ownId()).kind === "self";
  const mark = isOwn ? markOf(message) : undefined;
  return actionCommand({ type: "retry", turn: mark?.kind === "note" ? undefined : mark?.turn });
}

/** In direct messages the event has only the person's id. */
async function reactor({ api }: Pick<EventDeps, "api">, { member, user_id: id }: Reaction) {
  if (member?.user) return personOf(member.user);
  const call = { method: "GET", route: Routes.user(id), what: "asking for a name" } as const;
  return personOf(await api.call(call, User));
}
