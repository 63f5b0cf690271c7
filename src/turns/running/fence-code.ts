import { createHmac, randomBytes } from "node:crypto";
import type { ConversationId } from "../../ids.ts";
import type { Store } from "../../store/store.ts";

const SEED_BYTES = 16;
const CODE_LETTERS = 8;
const KEY = "fence seed";

/**
 * The code in the tags of a thread's prompts: nobody who writes there can guess it, and it stays the same, so that the providers' prompt
 * caches hold from turn to turn. Made from a random seed that the store keeps for all processes.
 */
export async function fenceCode(
  { adapterState }: Pick<Store, "adapterState">,
  conversation: ConversationId,
): Promise<string> {
  const kept = adapterState.of("prompts");
  let seed = await kept.get(KEY);
  if (seed === null) {
    await kept.put(KEY, randomBytes(SEED_BYTES).toString("hex"));
    // Of two processes that begin at once, both go by what stands there.
    seed = (await kept.get(KEY)) ?? "";
  }
  return createHmac("sha256", seed).update(conversation).digest("hex").slice(0, CODE_LETTERS);
}
