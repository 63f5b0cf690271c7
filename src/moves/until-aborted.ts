/** Resolves to the result of `work`, or to `aborted()` as soon as the signal aborts. `work` must not reject. */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  aborted: () => T,
): Promise<T> {
  return new Promise((resolve) => {
    const onAbort = () => resolve(aborted());
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    void work.then((value) => {
      signal.removeEventListener("abort", onAbort);
      resolve(value);
    });
  });
}
