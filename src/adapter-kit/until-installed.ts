import { createBoundedMap } from "../bounded-map.ts";
import type { Clock } from "../clock.ts";
import { type ConversationId, parseConversationId } from "../ids.ts";
import { type Platform, PlatformError } from "../platform.ts";

export interface UntilInstalledOptions {
  readonly clock: Pick<Clock, "now">;
  /** Whether a call failed because the app was removed from the conversation's space, or its token is not accepted. */
  readonly isRemoved: (error: unknown, conversation: ConversationId) => boolean | Promise<boolean>;
}

/** How long an answer waits for the app to be installed again before it is given up, ms. */
const PATIENCE_MS = 3_600_000;
/** Between two looks, ms. */
const LOOK_MS = 5_000;
const MOST_SPACES = 5_000;

type Posts = Pick<Platform, "post" | "edit" | "find">;

/**
 * What cannot be posted because the app was removed can be posted once it is installed again: until then the delivery is told to come back,
 * as with a rate limit.
 */
export function createUntilInstalled(
  posts: Posts,
  { clock, isRemoved }: UntilInstalledOptions,
): Posts {
  const missingSince = createBoundedMap<string, number>(MOST_SPACES);
  const wait = async <T>(conversation: ConversationId, call: () => Promise<T>): Promise<T> => {
    const { space } = parseConversationId(conversation);
    try {
      const done = await call();
      missingSince.delete(space);
      return done;
    } catch (error) {
      if (!(await isRemoved(error, conversation))) throw error;
      const since = missingSince.get(space) ?? clock.now();
      missingSince.set(space, since);
      if (clock.now() - since > PATIENCE_MS) throw error;
      const { message } = error instanceof Error ? error : new Error(String(error));
      throw new PlatformError("rate_limited", message, { cause: error, retryAfterMs: LOOK_MS });
    }
  };
  return {
    post: (conversation, ...what) => wait(conversation, () => posts.post(conversation, ...what)),
    edit: (message, content) => wait(message.conversation, () => posts.edit(message, content)),
    find: (conversation, mark) => wait(conversation, () => posts.find(conversation, mark)),
  };
}
