import type { Addressed, IncomingMessage } from "../../../src/platform.ts";
import type { RightsOf } from "../guilds/people.ts";
import { conversationOf, type DiscordPlace } from "../ids.ts";
import { type MessageReader, readMessage } from "../parse/read-message.ts";
import type { Message } from "../wire/message.ts";

/** The message as the intake expects it. */
export type ToIncoming = (
  message: Message,
  about: {
    readonly place: DiscordPlace;
    readonly addressed: Addressed;
    readonly reader: MessageReader;
  },
) => IncomingMessage;

export const createToIncoming =
  (rightsOf: RightsOf): ToIncoming =>
  (message, { place, addressed, reader }) => {
    const read = readMessage(message, reader);
    const roles = message.member?.roles ?? [];
    const rights = rightsOf({ id: read.author.id, guild: place.guild, roles });
    return { ...read, conversation: conversationOf(place), addressed, ...rights };
  };
