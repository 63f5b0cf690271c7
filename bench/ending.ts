const closings = new Set<() => unknown>();

/** Has something ended when this process is told to leave (Ctrl-C, SIGTERM). The result forgets it. */
export function endWithUs(close: () => unknown): () => void {
  closings.add(close);
  return () => void closings.delete(close);
}

/** Ends on a signal, once everything that was started is gone. */
export function endOnSignals(): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => {
      const all = [...closings].map((close) => Promise.try(close));
      void Promise.allSettled(all).then(() => process.exit(130));
    });
  }
}
