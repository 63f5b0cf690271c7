import type { IncomingCommand } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { personOf, type RightsOf } from "../guilds/people.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import { type Channels, placeOfChannel } from "../threads/channels.ts";
import { type Channel, isThread, supportsThreads } from "../wire/channel.ts";
import { bitsOf, type Interaction } from "../wire/interaction.ts";
import { createRespond, type Respond } from "./respond.ts";

/** An interaction with its user, its place and the way to respond. */
export interface InteractionContext {
  readonly interaction: Interaction;
  readonly respond: Respond;
  readonly channel: Channel;
  readonly place: DiscordPlace;
  /** The user, their rights and the conversation: everything of a command but its text. */
  readonly caller: Omit<IncomingCommand, "text">;
}

interface ContextPorts {
  readonly api: Api;
  readonly guilds: Pick<Guilds, "application">;
  readonly channels: Pick<Channels, "of" | "remember">;
  readonly rightsOf: RightsOf;
}

/** Rejects when the interaction has no user or channel, or Discord did not answer. */
export async function readContext(
  { api, guilds, channels, rightsOf }: ContextPorts,
  interaction: Interaction,
): Promise<InteractionContext> {
  const channel = await channelOf(channels, interaction);
  const place = placeOfChannel(channel);
  const { user, roles, permissions } = memberOf(interaction);
  const rights = rightsOf({ id: user.id, guild: place.guild, roles, permissions });
  const application = interaction.application_id ?? guilds.application() ?? "";
  return {
    interaction,
    respond: createRespond(api, { ...interaction, application }),
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
  channels: ContextPorts["channels"],
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
