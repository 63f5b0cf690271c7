/** Durable rows of one platform, shared by all processes: text by key. Losing them must do no harm. All methods reject when the store fails. */
export interface AdapterState {
  get(key: string): Promise<string | null>;
  put(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** The keys that start with `prefix`, sorted. */
  keys(prefix: string): Promise<readonly string[]>;
}

/**
 * A cache that outlives the process and may be emptied at any time. There is no compare-and-set: what must happen once may depend on `take`
 * alone. All methods reject when the store fails, so an unreadable value is never mistaken for a missing one.
 */
export interface KeyValues {
  /** undefined: not set, or expired. */
  get(key: string): Promise<unknown>;
  /** Stores `value` as JSON for `ttlMs`. */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Reads and deletes a value; of all callers in all processes, only one gets it. */
  take(key: string): Promise<unknown>;
}

/** Caches by name, each with its own keys. */
export type KeyValuesByName = (name: string) => KeyValues;

/** Where a platform's app is installed. The adapter encrypts what it stores here. */
export interface InstallRecords {
  put(key: string, sealed: string): Promise<void>;
  get(key: string): Promise<string | null>;
  /** Replaces `before` by `next`; false: something else is stored by now. */
  replace(key: string, before: string, next: string): Promise<boolean>;
  /** `only`: removes just this text. Resolves whether something was removed. */
  remove(key: string, only?: string): Promise<boolean>;
  /** When it was put, ms since the epoch; `replace` keeps that time. null: there is none. */
  madeAt(key: string): Promise<number | null>;
  /** Sorted by key. */
  list(): Promise<readonly { readonly key: string; readonly sealed: string }[]>;
  /** Calls `hear` with each key that any process changes; null: notices may have been missed. The result ends it. */
  onChange(hear: (key: string | null) => void): Promise<() => Promise<void>>;
}

/** A thread that Parley itself stores. */
export interface StoredThread {
  readonly name: string;
  /** When it was last written, ms since the epoch. */
  readonly changedAt: number;
}

/** Lines of the threads that Parley itself stores, for platforms that have no server of their own. */
export interface ThreadLines {
  /** True: other processes write too, so a thread is read again whenever it is opened. */
  readonly isShared: boolean;
  /** Oldest first; empty for a thread that nobody has written in. */
  read(thread: string): Promise<readonly string[]>;
  /** Appends one line, in the order called. `durable`: resolves once a crash cannot lose it. */
  append(thread: string, line: string, durable: boolean): Promise<void>;
  /** Latest first. */
  list(): Promise<readonly StoredThread[]>;
}

/** A named lock, held by this process. */
export interface HeldLock {
  /** Aborted when the lock is lost, for example because the database connection broke. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Takes a lock that all processes on the store share. Does not wait; null: another process holds it. */
export type TakeLock = (name: string) => Promise<HeldLock | null>;
