import type { Joined, StartFlags } from "../adapter-kit/adapter.ts";
import type { Clock } from "../clock.ts";
import { InUseError } from "../adapter-kit/settings.ts";
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
export async function serveOrJoin({
  flags: given,
  clock,
  join,
  serve,
  warn,
}: ServeOrJoinOptions): Promise<number> {
  let flags = given;
  let patience = createPatience(clock, warn);
  for (;;) {
    const joined = await join(flags);
    if (joined.kind === "left") return joined.code;
    if (joined.kind === "lost") {
      flags = flagsAfter(flags, joined.thread);
      patience = createPatience(clock, warn);
    }
    try {
      return await serve(flags);
    } catch (error) {
      if (!isInUse(error) || !patience.isLeft()) throw error;
    }
    await sleep(clock, AGAIN_MS);
  }
}

/** Waits for a process that is about to listen or to end, and tells the person if that takes long. */
function createPatience(clock: Clock, warn: ServeOrJoinOptions["warn"]) {
  const since = clock.now();
  let isTold = false;
  return {
    isLeft(): boolean {
      const waited = clock.now() - since;
      if (waited > LONG_MS && !isTold) {
        isTold = true;
        warn("Another Parley uses this folder; waiting for it …");
      }
      return waited <= PATIENCE_MS;
    },
  };
}

/** The process that was joined has ended: what this one serves. */
function flagsAfter(flags: StartFlags, open: string | undefined): StartFlags {
  if (flags.once) throw new InUseError(lostWords(open));
  return { ...flags, thread: open ?? flags.thread, question: undefined, continueLatest: false };
}

const isInUse = (error: unknown): boolean =>
  error instanceof InUseError || (error instanceof StoreError && error.kind === "in_use");

const lostWords = (thread: string | undefined): string =>
  `The Parley that this one had joined ended before the answer was there. ${
    thread === undefined
      ? "Ask again."
      : `It goes on when Parley starts: parley chat --thread ${thread}`
  }`;
