/** Work on text from outside, cut into steps: between two of them others may use the event loop. */
export type Steps<T> = Generator<void, T>;

/** A slice ends after the first step that reaches this, ms: half of it on a machine that is half as fast still leaves the loop free. */
const SLICE_MS = 8;

/** All steps at once, for texts that are known to be short. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** All steps, in slices that leave the event loop free in between. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const end = performance.now() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    // A turn of the event loop, timers and sockets included; a resolved promise would not give them one.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
