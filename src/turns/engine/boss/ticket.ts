import type { ConversationId } from "../../../ids.ts";

/** The right to run the next turn of a conversation, until it is used up, given back, or its heartbeat stops. */
export interface Ticket {
  readonly id: string;
  /** Which holder of this ticket one is: what an earlier one does is refused. */
  readonly retryCount: number;
  readonly platform: string;
  readonly conversation: ConversationId;
}

/** Turns of each platform wait apart, so that a process takes only those it can run. */
export const queueOf = (platform: string): string => `turns_${platform}`;
