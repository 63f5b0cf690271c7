import { parseConversationId } from "../ids.ts";
import type { IncomingMessage } from "../platform.ts";
import type { Store } from "../store/store.ts";
import { isThanks } from "./is-thanks.ts";

/**
 * Whether a message asks the team for nothing: it thanks, or agrees with the last answer. If that answer asked something, "ok" is a reply to it. The
 * terminal has one person, who waits for a reply to everything.
 */
export async function asksNothing(
  { store }: { readonly store: Pick<Store, "turns" | "deliveries"> },
  { conversation, text, files }: IncomingMessage,
): Promise<boolean> {
  if (files.length > 0 || !isThanks(text)) return false;
  if (parseConversationId(conversation).platform.startsWith("terminal")) return false;
  const recent = await store.turns.recent(conversation, RECENT);
  const last = recent.find(({ outcome }) => outcome === "completed");
  if (!last) return false;
  const parts = await store.deliveries.list(last.id, "final");
  const answer = parts.map(({ text: part }) => part).join("\n");
  return answer !== "" && !asksBack(answer);
}

/** How many turns back an answer may be. */
const RECENT = 5;

/** A question near the end waits for an answer. */
const asksBack = (answer: string): boolean => /[?？؟]/u.test(answer.trimEnd().slice(-400));
