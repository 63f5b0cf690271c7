import {
  type ConversationId,
  formatConversationId,
  parseConversationId,
  TurnId,
} from "../../src/ids.ts";
import type { DeliveryMark } from "../../src/platform.ts";

const TAG = /^([\w-]+) (status|final|note) (\d+)$/;
const KINDS = { status: "status", final: "final", note: "note" } as const;
const isKind = (word: string): word is DeliveryMark["kind"] => Object.hasOwn(KINDS, word);

/** What Parley's messages carry on the server, so that any process recognises them. */
export const formatTag = ({ turn, kind, chunk }: DeliveryMark): string =>
  `${turn} ${kind} ${chunk}`;

export function parseTag(tag: string | undefined): DeliveryMark | undefined {
  const [, turn = "", kind = "", chunk = ""] = TAG.exec(tag ?? "") ?? [];
  return isKind(kind) ? { turn: TurnId.parse(turn), kind, chunk: Number(chunk) } : undefined;
}

/** Every room is one conversation. */
export const conversationOf = (room: string): ConversationId =>
  formatConversationId({ platform: "lines", space: "", channel: room, thread: room });

export const roomOf = (conversation: ConversationId): string =>
  parseConversationId(conversation).thread;
