import { createHash, randomUUID } from "node:crypto";
import { type ConversationId, type TurnId, turnTime } from "../../../src/ids.ts";
import { type DeliveryMark, sameMark } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import { markOf, toldAt } from "../parse/read-message.ts";
import { pagesBack } from "../threads/fetch-messages.ts";
import type { Message } from "../wire/message.ts";

/** Discord's limit. */
const LENGTH = 25;

const hash = (text: string): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, LENGTH);

/**
 * With `enforce_nonce`, Discord answers a second post of the same nonce within some minutes with the first one's message. That of a final
 * answer is the same in every process and after every restart; a status may be posted anew on purpose, so that its nonce covers one call.
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
  /** Ms since the epoch: what was posted before, where the server tells the time, is of no use. */
  readonly since: number;
}

/** Where the turn's id does not tell when it began. */
const MOST_PAGES = 10;

/** The latest of Parley's own messages with a mark, back to the turn's beginning. */
export async function findPosted(
  api: Api,
  { channel, self, mark, since }: Search,
): Promise<Message | undefined> {
  let pages = 0;
  for await (const page of pagesBack(api, { channel })) {
    const isOld = (message: Message) => (toldAt(message) ?? since) < since;
    const found = page.find(
      (message) => message.author.id === self && !isOld(message) && sameMark(markOf(message), mark),
    );
    const oldest = page.at(-1);
    if (found || ++pages === MOST_PAGES || (oldest && isOld(oldest))) return found;
  }
  return undefined;
}

/** When a turn was taken on, ms since the epoch, from its UUIDv7; 0 if its id does not tell, or names a time to come. */
export function turnBegan(turn: TurnId, now: number): number {
  const at = turnTime(turn) ?? 0;
  return at > now ? 0 : at;
}
