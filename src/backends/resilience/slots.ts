/** Limits the concurrent calls of an account. Others wait in FIFO order. */
export interface Slots {
  /** Resolves with a function that releases the slot. Throws the signal's reason if it aborts while waiting. */
  take(signal: AbortSignal): Promise<() => void>;
  /** A smaller size never aborts running calls; it applies as they end. */
  resize(size: number): void;
}

// Not cockatiel's bulkhead: there a newcomer can overtake the line (a freed slot is handed over one microtask late) and a waiting call is deaf to its signal.
export function createSlots(initialSize: number): Slots {
  let size = initialSize;
  let taken = 0;
  const line = new Set<() => void>();

  const callNext = () => {
    for (const enter of line) {
      if (taken >= size) return;
      line.delete(enter);
      taken += 1;
      enter();
    }
  };
  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        line.delete(enter);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      line.add(enter);
      callNext();
    });

  return {
    async take(signal) {
      signal.throwIfAborted();
      await wait(signal);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        taken -= 1;
        callNext();
      };
    },
    resize(next) {
      size = next;
      callNext();
    },
  };
}
