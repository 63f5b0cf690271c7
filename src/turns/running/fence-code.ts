import { createHmac, randomBytes } from "node:crypto";
import type { ConversationId } from "../../ids.ts";
import type { Store } from "../../store/store.ts";

const SEED_BYTES = 16;
const CODE_LETTERS = 8;
const KEY = "fence seed";

/**
 * The code in the tags of a thread's prompts: people in the thread cannot guess it, and it never changes, so that the providers' prompt
 * caches stay valid between turns. Derived from a random seed that all processes share in the store.
 */
export async function fenceCode(
  { adapterState }: Pick<Store, "adapterState">,
  conversation: ConversationId,
): Promise<string> {
  const kept = adapterState.of("prompts");
  let seed = await kept.get(KEY);
  if (seed === null) {
    await kept.put(KEY, randomBytes(SEED_BYTES).toString("hex"));
    // If two processes start at once, both use the stored seed.
    seed = (await kept.get(KEY)) ?? "";
  }
  return createHmac("sha256", seed).update(conversation).digest("hex").slice(0, CODE_LETTERS);
}
