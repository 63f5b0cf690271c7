import type { SteeringMessage } from "../../coordination/turn-event.ts";
import type { ThreadMessage } from "../../platform.ts";

const EDIT = "#edit:";

/** What tells a running turn that a message in its inbox now says something else; `eventId` is unique to the edit. */
export const editLetter = (message: ThreadMessage, eventId: string): SteeringMessage => ({
  id: `${message.id}${EDIT}${eventId}`,
  author: message.author.name,
  text: `(edited) ${message.text}`,
});

/** The message that a letter in an inbox is, or is an edit of. */
export const messageOfLetter = (id: string): string => id.split(EDIT, 1)[0] ?? id;
