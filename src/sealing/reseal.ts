import type { Seal } from "./seal.ts";

/** One sealed value, as it is stored. */
export interface SealedRow {
  readonly key: string;
  readonly sealed: string;
}

/** A table of sealed values. */
export interface SealedRows {
  list(): Promise<readonly SealedRow[]>;
  /** Writes `next` if `before` still stands under the key; false: it does not. */
  replace(key: string, before: string, next: string): Promise<boolean>;
}

/** What became of the stored values; each is named by its key. */
export interface Resealed {
  readonly renewed: readonly string[];
  /** Sealed with a secret that is not known any more; left as they are. */
  readonly unreadable: readonly string[];
}

/** Seals every value with the current secret. Safe in several processes at once, and while values change. Rejects when the table does. */
export async function reseal(rows: SealedRows, seal: Seal): Promise<Resealed> {
  const renewed: string[] = [];
  const unreadable: string[] = [];
  for (const { key, sealed } of await rows.list()) {
    const next = renewOrNull(seal, key, sealed);
    if (next === null) unreadable.push(key);
    else if (next !== undefined && (await rows.replace(key, sealed, next))) renewed.push(key);
  }
  return { renewed, unreadable };
}

function renewOrNull(seal: Seal, key: string, sealed: string): string | undefined | null {
  try {
    return seal.renew(sealed, key);
  } catch {
    return null;
  }
}
