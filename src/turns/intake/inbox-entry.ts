import type { SteeringMessage } from "../../coordination/turn-event.ts";
import type { ThreadMessage } from "../../platform.ts";

const EDIT = "#edit:";

/** The inbox entry that gives a running turn the new text of an edited message; `eventId` is unique to the edit. */
export const editedInboxEntry = (message: ThreadMessage, eventId: string): SteeringMessage => ({
  id: `${message.id}${EDIT}${eventId}`,
  author: message.author.name,
  text: `(edited) ${message.text}`,
});

/** The id of the message behind an inbox entry: its own, or the edited one. */
export const messageOfInboxEntry = (id: string): string => id.split(EDIT, 1)[0] ?? id;
