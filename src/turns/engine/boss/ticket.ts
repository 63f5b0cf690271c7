import type { ConversationId } from "../../../ids.ts";

/** The right to run the next turn of a conversation, until it is completed, given back, or its heartbeats stop. */
export interface Ticket {
  readonly id: string;
  /** Counts the holders of the ticket: calls of earlier holders are refused. */
  readonly retryCount: number;
  readonly platform: string;
  readonly conversation: ConversationId;
}

/** One queue per platform, so that a process fetches only turns it can run. */
export const queueOf = (platform: string): string => `turns_${platform}`;
