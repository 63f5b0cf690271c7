import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { IncomingCommand } from "../../../src/platform.ts";
import { personOf } from "../guilds/people.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import type { EventDeps } from "../intake/event-deps.ts";
import { placeOfChannel } from "../threads/channels.ts";
import { type Channel, isThread, supportsThreads } from "../wire/channel.ts";
import { bitsOf, type Interaction } from "../wire/interaction.ts";
import { createRespond, type Respond } from "./respond.ts";

export interface InteractionDeps extends EventDeps {
  readonly commands: Pick<CommandPorts, "teams" | "bindings" | "turns">;
}

/** An interaction with its user, its place and the way to respond. */
export interface InteractionContext {
  readonly interaction: Interaction;
  readonly respond: Respond;
  readonly channel: Channel;
  readonly place: DiscordPlace;
  /** The user, their rights and the conversation: everything of a command but its text. */
  readonly caller: Omit<IncomingCommand, "text">;
}

/** Rejects when the interaction has no user or channel, or Discord did not answer. */
export async function readContext(
  deps: Pick<InteractionDeps, "api" | "guilds" | "channels" | "rightsOf">,
  interaction: Interaction,
): Promise<InteractionContext> {
  const channel = await channelOf(deps, interaction);
  const place = placeOfChannel(channel);
  const { user, roles, permissions } = memberOf(interaction);
  const rights = deps.rightsOf({ id: user.id, guild: place.guild, roles, permissions });
  const application = interaction.application_id ?? deps.guilds.application() ?? "";
  return {
    interaction,
    respond: createRespond(deps.api, { ...interaction, application }),
    channel,
    place,
    caller: {
      ...rights,
      conversation: conversationOf(place),
      eventId: interaction.id,
      person: personOf(user),
      // A channel with threads has no conversation of its own, so a command there is about the channel.
      ...(supportsThreads(channel.type) && { scope: "channel" }),
    },
  };
}

/** Compatible servers may omit the channel. */
async function channelOf(
  { channels }: Pick<InteractionDeps, "channels">,
  { channel, channel_id: id, guild_id: guild }: Interaction,
): Promise<Channel> {
  const named = channel?.id ?? id;
  if (!named) throw new Error("Discord sent an interaction without a channel.");
  const found = channel ?? (await channels.of({ channel_id: named, guild_id: guild }));
  const known = { ...found, guild_id: guild ?? found.guild_id };
  if (isThread(known.type)) channels.remember(known);
  return known;
}

function memberOf({ member, user }: Interaction) {
  const sender = member?.user ?? user;
  if (!sender) throw new Error("Discord sent an interaction without a user.");
  const { roles = [], permissions } = member ?? {};
  return { user: sender, roles, permissions: bitsOf(permissions) };
}
