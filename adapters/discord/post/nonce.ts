import { createHash, randomUUID } from "node:crypto";
import type { ConversationId } from "../../../src/ids.ts";
import type { DeliveryMark } from "../../../src/platform.ts";

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
