import { z } from "zod";
import type { Place } from "../ids.ts";
import type { BindingStore } from "./binding-store.ts";
import { keyOf, type Scope, SCOPES } from "./bindings.ts";

/** Which messages without a mention Parley answers: none (`mention`), replies in its threads (`thread`), or all (`always`). */
export const LISTENING_MODES = ["mention", "thread", "always"] as const;
export type ListeningMode = (typeof LISTENING_MODES)[number];

/** The listening mode at a place, and why. */
export interface ResolvedListening {
  readonly mode: ListeningMode;
  readonly because: Scope | "default";
  /** Who set it, if anyone. */
  readonly by: string | null;
}

export interface Listening {
  /** Thread → channel → space → `thread`. */
  resolve(place: Place): Promise<ResolvedListening>;
  /** Sets the mode of a scope; null inherits the next wider one. */
  use(place: Place, scope: Scope, mode: ListeningMode | null, by: string): Promise<void>;
}

export interface ListeningOptions {
  readonly store: BindingStore;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

// Ignore modes that a newer version wrote instead of failing.
const Stored = z.enum(LISTENING_MODES).nullable().catch(null);

const listeningKey = (place: Place, scope: Scope): string => `listen:${keyOf(place, scope)}`;

/** Stored and versioned like bindings. */
export function createListening({ store, wallClock }: ListeningOptions): Listening {
  return {
    async resolve(place) {
      const found = await store.get(SCOPES.map((scope) => listeningKey(place, scope)));
      for (const [index, scope] of SCOPES.entries()) {
        const mode = Stored.parse(found[index]?.value ?? null);
        if (mode) return { mode, because: scope, by: found[index]?.by ?? null };
      }
      return { mode: "thread", because: "default", by: null };
    },
    async use(place, scope, value, by) {
      const key = listeningKey(place, scope);
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const [stored] = await store.get([key]);
        const write = { value, by, at: wallClock(), expected: stored?.version ?? 0 };
        if (await store.put(key, write)) return;
      }
      throw new Error("the setting was changed by others at the same time; try again");
    },
  };
}
