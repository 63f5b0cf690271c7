import type { BackendEvent } from "../backend.ts";
import type { Sent } from "../read-reply.ts";

/** Makes the events of one reply of what the server sends. Its functions throw a `BackendError` if the reply failed or broke off. */
export interface ReplyReader {
  /** The events of one value, at least a sign of life. */
  readonly take: (sent: Sent) => readonly BackendEvent[];
  /** The reply is complete; what else the server sends does not belong to it. */
  readonly isOver: () => boolean;
  /** The last events. What was held back comes before the error, if the reply broke off. Call once. */
  readonly end: () => Iterable<BackendEvent>;
}

const ALIVE: readonly BackendEvent[] = [{ type: "alive" }];

/** Some values add nothing to the reply, but they show that the server is alive. */
export const orAlive = (events: readonly BackendEvent[]): readonly BackendEvent[] =>
  events.length > 0 ? events : ALIVE;

export const shown = (type: "text" | "thinking", text: string): readonly BackendEvent[] =>
  text === "" ? [] : [{ type, text }];
