import { createHmac, randomBytes } from "node:crypto";
import type { ConversationId } from "../../ids.ts";
import type { Store } from "../../store/store.ts";

const SEED_BYTES = 16;
const CODE_LETTERS = 8;
const KEY = "fence seed";

/** Rejects when the store does. */
export type FenceCodes = (conversation: ConversationId) => Promise<string>;

/**
 * The code in the tags of a thread's prompts: people in the thread cannot guess it, and it never changes, so that the providers' prompt
 * caches stay valid between turns. Derived from a random seed that all processes share in the store, and read once.
 */
export function createFenceCodes({ adapterState }: Pick<Store, "adapterState">): FenceCodes {
  const kept = adapterState.of("prompts");
  let known: string | null = null;
  return async (conversation) => {
    known ??= await kept.get(KEY);
    const seed = known ?? (await makeSeed(kept));
    return createHmac("sha256", seed).update(conversation).digest("hex").slice(0, CODE_LETTERS);
  };
}

/** If two processes start at once, both use the stored seed from the next turn on. */
async function makeSeed(kept: ReturnType<Store["adapterState"]["of"]>): Promise<string> {
  await kept.put(KEY, randomBytes(SEED_BYTES).toString("hex"));
  return (await kept.get(KEY)) ?? "";
}
