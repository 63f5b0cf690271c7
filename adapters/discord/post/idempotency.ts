import { createHash, randomUUID } from "node:crypto";
import { type ConversationId, type TurnId, turnTime } from "../../../src/ids.ts";
import { type DeliveryMark, sameMark } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import { markOf, timestampOf } from "../parse/read-message.ts";
import { pagesBack } from "../threads/fetch-messages.ts";
import type { Message } from "../wire/message.ts";

/** Discord's limit for a nonce. */
const LENGTH = 25;

const hash = (text: string): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, LENGTH);

/**
 * With `enforce_nonce`, Discord returns the first message when the same nonce is posted again within some minutes. A final answer's nonce is
 * the same in every process and after a restart. A status may be posted again on purpose, so its nonce covers one call.
 */
export const nonceOf = (
  conversation: ConversationId,
  { turn, kind, chunk }: DeliveryMark,
): string =>
  hash([conversation, turn, kind, chunk, kind === "status" ? randomUUID() : ""].join("\n"));

export interface Search {
  readonly channel: string;
  readonly self: string;
  readonly mark: DeliveryMark;
  /** Ms since the epoch: older messages are ignored. */
  readonly since: number;
}

/** Limits the search if the turn's id does not tell when it started. */
const MOST_PAGES = 10;

/** Parley's latest message with the mark, since the turn's start. */
export async function findPosted(
  api: Api,
  { channel, self, mark, since }: Search,
): Promise<Message | undefined> {
  let pages = 0;
  for await (const page of pagesBack(api, { channel })) {
    const isOld = (message: Message) => (timestampOf(message) ?? since) < since;
    const found = page.find(
      (message) => message.author.id === self && !isOld(message) && sameMark(markOf(message), mark),
    );
    const oldest = page.at(-1);
    if (found || ++pages === MOST_PAGES || (oldest && isOld(oldest))) return found;
  }
  return undefined;
}

/** When a turn was accepted, ms since the epoch, from its UUIDv7; 0: the id tells no time, or one in the future. */
export function turnStart(turn: TurnId, now: number): number {
  const at = turnTime(turn) ?? 0;
  return at > now ? 0 : at;
}
