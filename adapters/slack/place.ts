import { type ConversationId, formatConversationId, parseConversationId } from "../../src/ids.ts";

/** A thread of Slack. */
export interface SlackPlace {
  /** Team id of the installation. */
  readonly team: string;
  readonly channel: string;
  /** `ts` of the thread's root: a message outside a thread is the root of its own. */
  readonly thread: string;
}

export const conversationOf = ({ team, channel, thread }: SlackPlace): ConversationId =>
  formatConversationId({ platform: "slack", space: team, channel, thread });

export function placeOf(conversation: ConversationId): SlackPlace {
  const { space, channel, thread } = parseConversationId(conversation);
  return { team: space, channel, thread };
}

/** The time of a message's `ts`, milliseconds since the epoch; undefined: it is no time. */
export function timeOf(ts: string): number | undefined {
  const seconds = /^\d{9,11}(?:\.\d+)?$/.test(ts) ? Number(ts) : Number.NaN;
  return Number.isNaN(seconds) ? undefined : Math.floor(seconds * 1000);
}

/** Stands for the thread where a command is given outside of one. */
const NO_THREAD = "none";

/** Whether a command is about a thread. */
export const isThread = ({ thread }: Pick<SlackPlace, "thread">): boolean => thread !== NO_THREAD;

/** A channel or, without one, a workspace, as the place of a command. */
export const outsideThreads = (team: string, channel = "home"): ConversationId =>
  conversationOf({ team, channel, thread: NO_THREAD });
