import { createBoundedMap } from "../../../src/bounded-map.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import type { Client } from "../api/clients.ts";
import type { SlackPlace } from "../place.ts";

/** Files whose sharing is remembered. */
const MOST_SHARED = 1_000;
const LOST = "_The whole answer could not be attached:_";

/**
 * Shares the file of an answer, once for each mark while the process lives. It comes before the message: Slack gives a shared file no
 * metadata, so what tells a finished answer is the message, and a file too many is better than one that is missing.
 * Resolves with what people must be told when Slack refuses it; rejects with a `PlatformError` that is worth another try.
 */
export function createAnswerFiles() {
  const shared = createBoundedMap<string, true>(MOST_SHARED);
  return async (
    client: Client,
    { channel, thread }: SlackPlace,
    { turn, chunk }: DeliveryMark,
    file: { readonly name: string; readonly text: string },
  ): Promise<string | undefined> => {
    const key = `${turn}:${chunk}`;
    if (shared.get(key)) return undefined;
    try {
      await client.upload({ channel, thread, ...file });
    } catch (error) {
      if (error instanceof PlatformError && error.outcome === "rejected") {
        return `${LOST} ${error.message}`;
      }
      throw error;
    }
    shared.set(key, true);
    return undefined;
  };
}
