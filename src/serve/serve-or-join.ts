import type { Joined, StartFlags } from "../adapter-kit/adapter.ts";
import type { Clock } from "../clock.ts";
import { InUseError } from "../settings.ts";
import { StoreError } from "../store/store-error.ts";
import { sleep } from "../timers.ts";

export interface ServeOrJoinOptions {
  readonly flags: StartFlags;
  readonly clock: Clock;
  readonly join: (flags: StartFlags) => Promise<Joined>;
  /** Resolves to the exit code. Rejects when another process has the data folder. */
  readonly serve: (flags: StartFlags) => Promise<number>;
  /** Tells the person something before anything is drawn. */
  readonly warn: (text: string) => void;
}

/** A process that has the data folder may be about to listen, or about to end: looks again so often, and so long, ms. */
const AGAIN_MS = 250;
const PATIENCE_MS = 10_000;
/** The person is told of a longer wait, ms. */
const LONG_MS = 1_500;

/**
 * Joins the process that serves the data folder, or serves it here. When the other process ends, this one takes over, in the thread that was
 * open. Resolves to the exit code.
 */
export async function serveOrJoin(options: ServeOrJoinOptions): Promise<number> {
  const { clock, join, serve, warn } = options;
  let { flags } = options;
  let since = clock.now();
  let isTold = false;
  for (;;) {
    const joined = await join(flags);
    if (joined.kind === "left") return joined.code;
    if (joined.kind === "lost") {
      if (flags.once) throw new InUseError(lostWords(joined.thread));
      const { thread = flags.thread } = joined;
      flags = { ...flags, thread, question: undefined, continueLatest: false };
      since = clock.now();
    }
    try {
      return await serve(flags);
    } catch (error) {
      const waited = clock.now() - since;
      if (!isInUse(error) || waited > PATIENCE_MS) throw error;
      if (waited > LONG_MS && !isTold) warn("Another Parley uses this folder; waiting for it …");
      isTold ||= waited > LONG_MS;
    }
    await sleep(clock, AGAIN_MS);
  }
}

const isInUse = (error: unknown): boolean =>
  error instanceof InUseError || (error instanceof StoreError && error.kind === "in_use");

const lostWords = (thread: string | undefined): string =>
  `The Parley that this one had joined ended before the answer was there. ${
    thread === undefined
      ? "Ask again."
      : `It goes on when Parley starts: parley chat --thread ${thread}`
  }`;
