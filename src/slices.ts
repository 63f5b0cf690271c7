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
  for (;;) {
    const end = performance.now() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    // Lets timers and sockets run, which awaiting a resolved promise would not.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
