/** What may be kept for the next process, and may vanish. None of it is ever undefined for a failure: that rejects. */
export interface KeptValues {
  /** undefined: there is none, or its time is over. */
  get(key: string): Promise<unknown>;
  /** As JSON, for so many ms. */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Gets it and removes it: of all who ask, one is given it. */
  take(key: string): Promise<unknown>;
}

/** By name. */
export type KeptByName = (name: string) => KeptValues;
