/** The value stored under a key. Only `bindings.ts` interprets `value` (JSON). */
export interface StoredBinding {
  readonly value: string;
  /** Starts at 1 and increases with each write. */
  readonly version: number;
  /** Who wrote it: `{platform}:{person id}`, or the command line. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Stores bindings. A key is `{platform}:{space}[:{channel}[:{thread}]]`, parts percent-encoded. */
export interface BindingStore {
  /** The value of each key, in the order given; null for none. */
  get(keys: readonly string[]): Promise<readonly (StoredBinding | null)[]>;
  /** The values of a key and of all keys below it (`key:…`), by key. */
  list(key: string): Promise<readonly (StoredBinding & { readonly key: string })[]>;
  /**
   * Compare-and-swap: writes if the stored version is still `expected` (0 for a new key); false on a concurrent write. A null value removes
   * the binding.
   */
  put(
    key: string,
    write: {
      readonly value: string | null;
      readonly by: string;
      readonly at: number;
      readonly expected: number;
    },
  ): Promise<boolean>;
}
