import type { Clock } from "../clock.ts";
import { noReply } from "./delivery-error.ts";

/** Resolves after `ms`; rejects with the signal's reason as soon as that is aborted. */
export const wait = (clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const leave = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.setTimer(ms, () => {
      signal?.removeEventListener("abort", leave);
      resolve();
    });
    signal?.addEventListener("abort", leave, { once: true });
  });

// Adapters give up much sooner; this is against a call that never settles.
const NO_REPLY_MS = 60_000;

/** What the call comes to, or a `PlatformError` of unknown outcome when it comes to nothing. */
export async function replyOf<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const cancel = clock.setTimer(NO_REPLY_MS, () => late.reject(noReply(NO_REPLY_MS)));
  try {
    return await Promise.race([call(), late.promise]);
  } finally {
    cancel();
  }
}
