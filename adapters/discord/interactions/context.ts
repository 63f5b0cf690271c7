import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { IncomingCommand } from "../../../src/platform.ts";
import type { IntakePorts } from "../intake/intake-ports.ts";
import { type DiscordPlace, conversationOf } from "../ids.ts";
import { type Interaction, bitsOf } from "../wire/interaction.ts";
import { type Channel, isThread, takesThreads } from "../wire/channel.ts";
import { type Respond, createRespond } from "./respond.ts";
import { personOf } from "../parse/read-message.ts";
import { placeIn } from "../threads/channels.ts";

export interface InteractionPorts extends IntakePorts {
  readonly commands: Pick<CommandPorts, "teams" | "bindings" | "turns">;
}

/** An interaction, with who it is from and where. */
export interface Scene {
  readonly interaction: Interaction;
  readonly respond: Respond;
  readonly channel: Channel;
  readonly place: DiscordPlace;
  /** Who asks, where, and at which level, as a command has it. */
  readonly asking: Omit<IncomingCommand, "text">;
}

/** Who gives a command or presses a button, and where. Rejects when the interaction does not say, and Discord cannot be asked. */
export async function setScene(ports: InteractionPorts, interaction: Interaction): Promise<Scene> {
  const channel = await channelOf(ports, interaction);
  const place = placeIn(channel);
  const { user, roles, permissions } = askerOf(interaction);
  const standing = ports.standingOf({ id: user.id, guild: place.guild, roles, permissions });
  const application = interaction.application_id ?? ports.guilds.application() ?? "";
  return {
    interaction,
    respond: createRespond(ports.api, { ...interaction, application }),
    channel,
    place,
    asking: {
      ...standing,
      conversation: conversationOf(place),
      eventId: interaction.id,
      person: personOf(user),
      // In a channel of threads, a command is about the channel: nothing is said there.
      ...(takesThreads(channel.type) && { scope: "channel" }),
    },
  };
}

/** Not every server sends the channel along. */
async function channelOf(
  { channels }: InteractionPorts,
  { channel, channel_id: id, guild_id: guild }: Interaction,
): Promise<Channel> {
  const named = channel?.id ?? id;
  if (!named) throw new Error("An interaction came from nowhere.");
  const found = channel ?? (await channels.of({ channel_id: named, guild_id: guild }));
  const known = { ...found, guild_id: guild ?? found.guild_id };
  if (isThread(known.type)) channels.learn(known);
  return known;
}

function askerOf({ member, user }: Interaction) {
  const asker = member?.user ?? user;
  if (!asker) throw new Error("An interaction came from nobody.");
  const { roles = [], permissions } = member ?? {};
  return { user: asker, roles, permissions: bitsOf(permissions) };
}
