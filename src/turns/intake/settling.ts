import { type ConversationId, parseConversationId } from "../../ids.ts";
import type { ThreadMessage } from "../../platform.ts";

/** How a message belongs together with those before and after it. */
export interface Settling {
  /** How long its turn waits for further messages, ms. */
  readonly ms: number;
  /** The message says all: no turn waits for more after it. */
  readonly isWhole: boolean;
}

/** Nobody types this much in one go without saying what they mean, UTF-16 code units. */
const LONG = 120;

/** Undefined: the message stands alone. In the terminal a person sends whole messages. */
export function settlingOf(
  conversation: ConversationId,
  { text }: Pick<ThreadMessage, "text">,
  seconds: number,
): Settling | undefined {
  if (seconds === 0) return undefined;
  if (parseConversationId(conversation).platform.startsWith("terminal")) return undefined;
  const said = text.trim();
  const isWhole = said.length >= LONG && /[.?!。？！][)\]"'”’»*_]{0,3}$/u.test(said.slice(-4));
  return { ms: Math.round(seconds * 1000), isWhole };
}
