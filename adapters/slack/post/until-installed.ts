import type { Clock } from "../../../src/clock.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { PlatformError } from "../../../src/platform.ts";
import { isRevoked } from "../api/slack-failure.ts";
import { placeOf } from "../place.ts";
import { NotInstalledError } from "../workspaces.ts";

/** How long an answer waits for the app to be installed again before it is given up, ms. */
const PATIENCE_MS = 3_600_000;
/** Between two looks, ms. */
const LOOK_MS = 5_000;

/**
 * What cannot be posted because the app was removed, or its token revoked, can be posted once the app is installed again: until then the
 * delivery is told to come back, as with a rate limit.
 */
export function createUntilInstalled(clock: Pick<Clock, "now">) {
  const missingSince = new Map<string, number>();
  return async <T>(conversation: ConversationId, call: () => Promise<T>): Promise<T> => {
    const { team } = placeOf(conversation);
    try {
      const done = await call();
      missingSince.delete(team);
      return done;
    } catch (error) {
      if (!(error instanceof NotInstalledError || isRevoked(error))) throw error;
      const since = missingSince.get(team) ?? clock.now();
      missingSince.set(team, since);
      if (clock.now() - since > PATIENCE_MS) throw error;
      const { message } = error instanceof Error ? error : new Error(String(error));
      throw new PlatformError("rate_limited", message, { cause: error, retryAfterMs: LOOK_MS });
    }
  };
}
