/** A column value in both dialects. JSON is stored as text, booleans as 0 and 1, times as milliseconds since the epoch. */
export type Value = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

/** Runs statements, alone or inside a transaction. Parameters are `$1`, `$2`, …. Use only SQL that SQLite and PostgreSQL share. */
export interface Queries {
  readonly dialect: "sqlite" | "postgres";
  /** Rejects with a `StoreError`. */
  q(sql: string, params?: readonly Value[]): Promise<readonly Row[]>;
  /**
   * Runs `work` in a transaction. A nested transaction joins the outer one; if it fails, the outer one becomes rollback-only. Inside, await only
   * statements of `t`, one at a time: no network, no timers. SQLite has one writer at a time, so other statements wait until it ends.
   */
  tx<T>(work: (t: Queries) => Promise<T>): Promise<T>;
  /** Notifies listeners in every process. Inside a transaction, sends on commit and never on rollback. At most 7 kB. */
  notify(channel: string, payload: string): Promise<void>;
}

/** A named lock that this process holds. */
export interface Lock {
  /** Aborted when the database session is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** A database in a file or on a server. */
export interface Database extends Queries {
  /** `missed` runs after a lost connection: notices may have been lost, so read the state again. Neither callback may throw. The result unsubscribes. */
  listen(
    channel: string,
    hear: (payload: string) => void,
    missed?: () => void,
  ): Promise<() => Promise<void>>;
  /** Takes a named lock without waiting; null if it is taken. The lock is released when its holder's session ends, even after kill -9. */
  lock(name: string): Promise<Lock | null>;
  /** Waits for running statements. */
  close(): Promise<void>;
}
