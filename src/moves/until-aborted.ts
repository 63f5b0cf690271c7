/** What `work` resolves to, or `aborted()` as soon as the signal aborts, whatever the work does then. `work` must not reject. */
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
