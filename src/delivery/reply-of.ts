import type { Clock } from "../clock.ts";
import { withTimeout } from "../timers.ts";
import { noReply } from "./delivery-error.ts";

// Adapters time out much sooner; this guards against a call that never settles.
const NO_REPLY_MS = 60_000;

/** The call's result. Rejects with a `PlatformError` of unknown outcome on timeout. */
export const replyOf = <T>(clock: Clock, call: () => Promise<T>): Promise<T> =>
  withTimeout(clock, NO_REPLY_MS, call(), () => {
    throw noReply(NO_REPLY_MS);
  });
