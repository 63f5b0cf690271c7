/** Long work in steps; the event loop can run between two of them. */
export type Steps<T> = Generator<void, T>;

/** A slice ends after the first step that exceeds this, ms; short enough for slow machines too. */
const SLICE_MS = 8;

/** Runs all steps at once, for short texts. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Runs all steps in slices, and lets the event loop run in between. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  const pause = createPause();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (pause.isDue()) await pause.take();
  }
}

/**
 * Ends slices of work that comes in pieces: between two pieces, `if (isDue()) await take()`. Pieces that mostly come one by one, such as a stream's,
 * leave the event loop free by themselves: then pause after `leastPieces` at the earliest.
 */
export function createPause(leastPieces = 1) {
  let end = performance.now() + SLICE_MS;
  let pieces = 0;
  return {
    isDue(): boolean {
      pieces += 1;
      return pieces >= leastPieces && performance.now() >= end;
    },
    /** Lets timers and sockets run, which awaiting a resolved promise would not. */
    async take(): Promise<void> {
      await new Promise((resolve) => setImmediate(resolve));
      end = performance.now() + SLICE_MS;
      pieces = 0;
    },
  };
}
