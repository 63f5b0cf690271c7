import type { ConversationId } from "../../src/ids.ts";
import type { Spell } from "../../src/text/spelling.ts";
import { isThread, placeOf } from "./place.ts";

/** Slack has no slash commands in threads; there, and in direct messages, a command is a message. */
export const inThread: Spell = (words, form) =>
  form === "usage" ? `!${words}` : `@Parley !${words}`;
const inDirectMessage: Spell = (words) => `!${words}`;
const inChannel: Spell = (words) => `/parley ${words}`;

/** How commands are written where a conversation is read. */
export function spellOnSlack(conversation: ConversationId, isOutside: boolean): Spell {
  const place = placeOf(conversation);
  if (isOutside || !isThread(place)) return inChannel;
  return place.channel.startsWith("D") ? inDirectMessage : inThread;
}
