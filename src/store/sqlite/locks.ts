import type { Lock } from "../database.ts";

/** Named locks within one process; the embedded store has only one. */
export function createLocks() {
  const held = new Map<string, AbortController>();
  return {
    lock(name: string): Lock | null {
      if (held.has(name)) return null;
      const session = new AbortController();
      held.set(name, session);
      return {
        lost: session.signal,
        async release() {
          if (held.get(name) === session) held.delete(name);
        },
      };
    },
    /** Ends the session and releases every lock. */
    end(): void {
      const lost = [...held.values()];
      held.clear();
      for (const session of lost) session.abort();
    },
  };
}
