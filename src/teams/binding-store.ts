/** What is stored under one key. `value` is JSON that only `bindings.ts` reads. */
export interface StoredBinding {
  readonly value: string;
  /** Counts up from 1 with each write. */
  readonly version: number;
  /** Who wrote it: `{platform}:{person id}`, or the command line. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Where bindings are kept. A key is `{platform}:{space}[:{channel}[:{thread}]]`, parts percent-encoded. */
export interface BindingStore {
  /** What is stored under each key, in the order asked; null where nothing is. */
  get(keys: readonly string[]): Promise<readonly (StoredBinding | null)[]>;
  /** What is stored under a key and under all keys within it (`key:…`), by key. */
  list(key: string): Promise<readonly (StoredBinding & { readonly key: string })[]>;
  /**
   * Writes when the stored version still is `expected` (0: nothing stored yet); false when somebody else wrote in between.
   * A null value removes the binding.
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
