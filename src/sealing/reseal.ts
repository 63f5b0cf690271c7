import type { Seal } from "./seal.ts";

/** One sealed value as stored. */
export interface SealedRow {
  readonly key: string;
  readonly sealed: string;
}

/** A table of sealed values. */
export interface SealedRows {
  list(): Promise<readonly SealedRow[]>;
  /** Compare-and-swap: writes `next` if the key still holds `before`; returns false otherwise. */
  replace(key: string, before: string, next: string): Promise<boolean>;
}

/** The result of re-sealing, as keys of the stored values. */
export interface Resealed {
  readonly renewed: readonly string[];
  /** Sealed with a secret that is no longer configured; left unchanged. */
  readonly unreadable: readonly string[];
}

/** Re-seals every value with the current secret. Safe to run in several processes at once, and while values change. Rejects when the table does. */
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
